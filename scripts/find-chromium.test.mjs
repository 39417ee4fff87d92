import { expect, test } from 'vitest'
import { findChromium, installationCommands } from './find-chromium.mjs'

const playwrights = '/cache/playwright/chrome'

function system({ env = {}, platform = 'linux', files = [] }) {
  return { env, platform, exists: (path) => files.includes(path), playwrightsOwn: () => playwrights }
}

test('CHROMIUM_PATH goes before all others', () => {
  const files = ['/opt/chromium', '/usr/bin/chromium', playwrights]
  expect(findChromium(system({ env: { CHROMIUM_PATH: '/opt/chromium' }, files }))).toBe('/opt/chromium')
})

test('a CHROMIUM_PATH without a file is an error, not a reason to take another', () => {
  const wrong = system({ env: { CHROMIUM_PATH: '/nowhere' }, files: ['/usr/bin/chromium'] })
  expect(() => findChromium(wrong)).toThrow('CHROMIUM_PATH is "/nowhere", where there is no file.')
})

test('on Linux: Chromium, then Chrome, then the one of Playwright', () => {
  const files = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', playwrights]
  for (const [position, expected] of files.entries()) {
    expect(findChromium(system({ files: files.slice(position) }))).toBe(expected)
  }
})

test.each([
  ['darwin', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  ['win32', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
])('on %s: the installed Chrome before the one of Playwright', (platform, chrome) => {
  expect(findChromium(system({ platform, files: [chrome, playwrights] }))).toBe(chrome)
  expect(findChromium(system({ platform, files: [playwrights] }))).toBe(playwrights)
})

test('nothing there is nothing found', () => {
  expect(findChromium(system({ files: [] }))).toBeUndefined()
})

test('root on Debian installs the Chromium of Debian; everybody else the one of Playwright', () => {
  expect(installationCommands(true)).toEqual([
    ['apt-get', 'update'],
    ['apt-get', 'install', '--yes', 'chromium'],
  ])
  expect(installationCommands(false)).toEqual([
    [process.execPath, expect.stringMatching(/cli\.js$/), 'install', 'chromium'],
  ])
})
