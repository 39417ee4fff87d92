import type { Meta, StoryObj } from '@storybook/react-vite'
import type { UnifiedStorage } from '@unified-storage/core'
import { expect, userEvent, within } from 'storybook/test'
import { StorageTransfer } from './storage-transfer'
import { drag, fileInputOf, jsonFile, textFile } from './story-files'
import { loadStorage, onLoadedStorage, smallStorage } from './story-storages'

const meta: Meta<typeof StorageTransfer> = {
  title: 'storage-settings/BadFile',
  component: StorageTransfer,
  decorators: [onLoadedStorage],
  loaders: loadStorage(smallStorage),
}

export default meta
type Story = StoryObj<typeof StorageTransfer>

export const NotJson: Story = refuses(
  textFile('{\n  "a": 1,\n  "b": oops\n}'),
  /The key "b" has a value that is not JSON/,
)

export const NotJsonInTheDark: Story = { ...NotJson, globals: { theme: 'dark' } }

export const CutOff: Story = refuses(textFile('{"a": [1, 2'), /The file is cut off/)

export const NotAnObject: Story = refuses(jsonFile([1, 2]), /must hold a JSON object of keys and values/)

export const Null: Story = refuses(jsonFile(null), /must hold a JSON object of keys and values/)

export const EmptyFile: Story = refuses(textFile(' \n'), /The file is empty/)

export const NoEntries: Story = refuses(jsonFile({}), /holds no items/)

export const NotText: Story = refuses(textFile(new Uint8Array([0x7b, 0xff, 0xfe])), /bytes that are not UTF-8/)

/** As an editor on Windows may save it. */
export const InUtf16: Story = refuses(
  textFile(Uint16Array.from('\ufeff{"a":1}', (character) => character.charCodeAt(0))),
  /is in UTF-16\. Save it as UTF-8/,
)

export const KeyThatComesTwice: Story = refuses(textFile('{"a": 1, "b": 2, "a": 3}'), /the key "a" comes twice/)

export const OfANewerVersion: Story = refuses(
  textFile('{"format":"unified-storage","version":99,"app":"notes","count":0,"codec":1}\n'),
  /written by a newer version of this app\. Reload the page/,
)

/** A hundred megabytes of nothing, packed into a file of a hundred kilobytes. */
export const MadeToFillADisk: Story = {
  async play(context) {
    const zeros = new Blob(Array.from({ length: 101 }, () => '0'.repeat(1024 * 1024)))
    const packing = new Blob(['{"a":"', zeros, '"}']).stream().pipeThrough(new CompressionStream('gzip'))
    const file = new File([await new Response(packing).blob()], 'backup.json')
    await refuses(file, /unpacks to more than 200 times its size.*If you trust it, unpack it yourself/).play?.(context)
  },
}

export const EmptyKey: Story = refuses(jsonFile({ '': 1 }), /key ""/)

/** An integer that JavaScript cannot hold is not rounded in silence. */
export const TooExact: Story = refuses(textFile('{"a": 12345678901234567890}'), /The key "a".*12345678901234567890/)

/** Somebody has edited what was exported. */
export const Changed: Story = {
  async play(context) {
    const file = await storageOf(context.loaded).exportFile()
    const changed = (await file.text()).replace('dark', 'pink')
    await refuses(textFile(changed), /changed since it was exported: its checksum/).play?.(context)
  },
}

export const TooLarge: Story = {
  ...refuses(jsonFile({ a: 'x'.repeat(2000) }), /has 2 kB, and at most 1 kB/),
  args: { maxImportBytes: 1000 },
}

export const SeveralFiles: Story = refuses([jsonFile({ a: 1 }), jsonFile({ b: 2 })], /Choose one/)

function refuses(files: File | File[], message: RegExp): Story {
  return {
    async play({ canvas, canvasElement, loaded }) {
      const storage = storageOf(loaded)
      const before = await storage.exportData()
      drag('drop', [files].flat(), canvasElement)
      const alert = await canvas.findByRole('alert', {}, { timeout: 30_000 })
      await expect(alert).toHaveTextContent(/backup\.json.* cannot be imported\./)
      await expect(alert).toHaveTextContent(message)
      await expect(alert).toHaveTextContent('Nothing was changed.')
      await expect(await storage.exportData()).toEqual(before)
    },
  }
}

export const MendedAndChosenAgain: Story = {
  async play({ canvas, canvasElement }) {
    drag('drop', [textFile('oops')], canvasElement)
    await canvas.findByRole('alert')
    await userEvent.upload(fileInputOf(canvasElement), jsonFile({ a: 1 }))
    await within(document.body).findByRole('dialog', { name: /^Import/ })
    await expect(canvas.queryByRole('alert')).toBeNull()
  },
}

function storageOf(loaded: Record<string, unknown>): UnifiedStorage {
  return loaded.storage as UnifiedStorage
}
