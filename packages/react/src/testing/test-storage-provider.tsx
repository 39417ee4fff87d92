'use client'

import { createTestStorage, type TestFault, type TestStorage } from '@unified-storage/core/testing'
import { type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { StorageProvider } from '../storage-provider'

export type TestStorageProviderProps = {
  /** What is stored at the start, by key; later values of this prop change nothing. */
  initialValues?: Readonly<Record<string, unknown>>
  /** What goes wrong; a test renders again with another fault, or without one, to change that. */
  fault?: TestFault | undefined
  /** A storage of the test's own, made by `createTestStorage`, to look into and to change from outside. */
  testStorage?: TestStorage
  children?: ReactNode
}

/** A storage in memory, of its own, for the tests of components that use the hooks. */
export function TestStorageProvider({
  initialValues,
  fault,
  testStorage,
  children,
}: TestStorageProviderProps): ReactElement {
  const [{ storage, setFault }] = useState(() => testStorage ?? startWith(createTestStorage(initialValues), fault))
  useEffect(() => {
    if (!testStorage) setFault(fault)
  }, [testStorage, setFault, fault])
  return <StorageProvider storage={storage}>{children}</StorageProvider>
}

/** Before the first effect of a component below reads. */
function startWith(test: TestStorage, fault: TestFault | undefined): TestStorage {
  test.setFault(fault)
  return test
}
