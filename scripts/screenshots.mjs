// Takes the pictures under docs/screenshots: every page of the built playground, in both themes, on a phone and on a desk.
// Run it after "npm run build" and look at what it made.
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumLaunchOptions } from './find-chromium.mjs'
import { root } from './lib/paths.mjs'
import { servePlayground } from './lib/serve-playground.mjs'

const folder = join(root, 'docs/screenshots')
const firstPort = 4273
const sizes = [
  { width: 320, height: 640 },
  { width: 1280, height: 800 },
]
const todos = [
  { title: 'Water the tomatoes' },
  { title: 'Return the library books', completed: true },
  { title: 'Call Grandmother about Sunday, and ask her for the recipe of the plum cake' },
  { title: 'Fix the bicycle light' },
]

const server = await servePlayground(firstPort)
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const viewport of sizes) await photograph({ colorScheme, viewport })
  }
} finally {
  await browser.close()
  await server.close()
}

async function photograph({ colorScheme, viewport }) {
  // Reduced motion: a picture taken in the middle of a transition differs from run to run.
  const context = await browser.newContext({ colorScheme, viewport, deviceScaleFactor: 2, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const save = (name) =>
    page.screenshot({ path: join(folder, `${name}-${colorScheme}-${viewport.width}.png`), fullPage: name !== 'import' })
  await page.goto(server.url)
  await page.getByText('Nothing here yet.').waitFor()
  await save('empty')
  for (const todo of todos) await write(page, todo)
  await save('todos')
  await openSettings(page)
  await save('settings')
  await previewImport(page)
  await save('import')
  await page.keyboard.press('Escape')
  await enterServer(page)
  await save('server')
  await moveToSQLite(page)
  await save('moved')
  await context.close()
}

async function write(page, { title, completed = false }) {
  await page.getByRole('textbox', { name: 'New todo' }).fill(title)
  await page.getByRole('button', { name: 'Add todo' }).click()
  if (completed) await page.getByRole('checkbox', { name: title }).check()
}

async function openSettings(page) {
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  await page.getByText('Cannot be chosen here').waitFor()
  // The sizes of what was written arrive a moment after it.
  await page.waitForLoadState('networkidle')
}

async function previewImport(page) {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file to import' }).click()
  const buffer = Buffer.from(JSON.stringify({ todos: [], theme: 'dark' }))
  await (await chooser).setFiles({ name: 'from-my-phone.json', mimeType: 'application/json', buffer })
  await page.getByRole('dialog').waitFor()
}

/** An address that cannot be used, and the plan of a switch to it. */
async function enterServer(page) {
  await page.getByRole('radio', { name: 'Your server (Flask)' }).click()
  await page.getByRole('textbox', { name: 'Address of your server' }).fill('http://storage.example.com')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('Without encryption').waitFor()
}

async function moveToSQLite(page) {
  await page.getByRole('radio', { name: 'This browser (SQLite)' }).click()
  await page.getByRole('button', { name: /^Switch to/ }).click()
  await page.getByText(/^Your data is in .+ now/).waitFor()
}
