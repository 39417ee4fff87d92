import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { createTestStorage } from '@unified-storage/core/testing'
import { StrictMode } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { useUnifiedStorage } from '../index'
import { TestStorageProvider, type TestStorageProviderProps } from './index'

afterEach(cleanup)

function Counter() {
  const [count, setCount, , { phase, error, retry }] = useUnifiedStorage('count', 0)
  if (phase === 'error') return <button onClick={retry}>{error?.code}</button>
  return <button onClick={() => void setCount((n) => n + 1).catch(() => undefined)}>{`${phase} ${count}`}</button>
}

const page = (props: TestStorageProviderProps = {}) => (
  <StrictMode>
    <TestStorageProvider {...props}>
      <Counter />
    </TestStorageProvider>
  </StrictMode>
)
const text = (name: string) => screen.findByRole('button', { name })

describe('TestStorageProvider', () => {
  test('[H1] starts with what it is given, stores, and shares with no other', async () => {
    render(page({ initialValues: { count: 5 } }))
    fireEvent.click(await text('ready 5'))
    await text('ready 6')
    cleanup()
    render(page())
    await text('ready 0')
  })

  test('[H5] fails from the first read on when it is told to, until it is healed', async () => {
    const { rerender } = render(page({ initialValues: { count: 5 }, fault: { type: 'failing' } }))
    const retry = await text('UNAVAILABLE')
    rerender(page())
    fireEvent.click(retry)
    await text('ready 5')
  })

  test('[H3] is full when it is told to be', async () => {
    const { rerender } = render(page({ initialValues: { count: 5 } }))
    const button = await text('ready 5')
    rerender(page({ fault: { type: 'full' } }))
    fireEvent.click(button)
    await text('ready 6')
    await text('ready 5')
  })

  test('[H8] shows what the test does to a storage of its own', async () => {
    const testStorage = createTestStorage({ count: 1 })
    render(page({ testStorage }))
    await text('ready 1')
    await testStorage.storage.set('count', 2)
    await text('ready 2')
    expect(await testStorage.storage.keys()).toEqual(['count'])
  })
})
