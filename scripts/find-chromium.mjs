import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { toolScript } from './lib/paths.mjs'
import { run } from './lib/processes.mjs'

const places = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
}

// No sandbox, because tests often run as root, where Chromium refuses one; the others keep it from calling home.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** The Chromium to test with, or undefined when there is none: CHROMIUM_PATH, the system's, then Playwright's own. */
export function findChromium(system = thisSystem()) {
  const chosen = system.env.CHROMIUM_PATH
  if (chosen) return existing(chosen, system)
  const candidates = [...(places[system.platform] ?? []), system.playwrightsOwn()]
  return candidates.find((path) => path && system.exists(path))
}

/** What Playwright needs to launch it. */
export function chromiumLaunchOptions() {
  const executablePath = findChromium()
  return executablePath ? { executablePath, args } : { args }
}

/** Finds Chromium, and installs it when there is none. Undefined when that fails too. */
export async function ensureChromium() {
  if (!findChromium()) await installChromium()
  return findChromium()
}

function existing(path, system) {
  if (system.exists(path)) return path
  throw new Error(`CHROMIUM_PATH is "${path}", where there is no file.`)
}

async function installChromium() {
  console.log('Installing Chromium')
  for (const [command, ...commandArgs] of installationCommands(isDebianRoot())) {
    const exitCode = await run(command, commandArgs, { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' } })
    if (exitCode !== 0) return
  }
}

/** How to get a Chromium: Debian's own where we may install it, because it brings the libraries that it needs. */
export function installationCommands(debianRoot) {
  if (!debianRoot) return [[process.execPath, toolScript('playwright'), 'install', 'chromium']]
  return [
    ['apt-get', 'update'],
    ['apt-get', 'install', '--yes', 'chromium'],
  ]
}

function isDebianRoot() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version')
}

function thisSystem() {
  return { env: process.env, platform: process.platform, exists: existsSync, playwrightsOwn }
}

function playwrightsOwn() {
  return createRequire(import.meta.url)('playwright').chromium.executablePath()
}
