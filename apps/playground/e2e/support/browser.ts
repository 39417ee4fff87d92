import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterEach, beforeEach, expect } from 'vitest'
import { chromiumLaunchOptions } from '../../../../scripts/find-chromium.mjs'

export type TestBrowser = {
  openTab(url: string): Promise<Page>
  /** Closes the whole browser and starts it again on the same profile, as a person does in the morning; or on what is left of it. */
  restart(damage?: (profile: string) => void): Promise<void>
}

/**
 * A real browser with a profile on the disk, a fresh one for each test; `settings` are what a person has set in it. A page that
 * reports an error or warning on its console fails the test, unless the test expects it.
 */
export function useBrowser(
  options: BrowserContextOptions = {},
  expectedComplaints?: RegExp,
  settings?: object,
): TestBrowser {
  let profile: string
  let context: BrowserContext
  let complaints: string[]

  async function launch(): Promise<void> {
    context = await chromium.launchPersistentContext(profile, { ...chromiumLaunchOptions(), ...options })
    context.on('weberror', (event) => complaints.push(event.error().message))
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
  }

  beforeEach(async () => {
    profile = mkdtempSync(join(tmpdir(), 'unified-storage-profile-'))
    complaints = []
    if (settings) {
      mkdirSync(join(profile, 'Default'))
      writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(settings))
    }
    await launch()
  })

  afterEach(async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
    expect(complaints.filter((text) => !expectedComplaints?.test(text))).toEqual([])
  })

  return {
    async openTab(url) {
      const page = await context.newPage()
      await page.goto(url)
      return page
    },
    async restart(damage) {
      await context.close()
      damage?.(profile)
      await launch()
    },
  }
}
