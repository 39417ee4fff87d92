/** What the address of a server, and the test of it, say. */
export type ConnectionMessages = {
  title: string
  label: string
  hint: string
  /** Why an address cannot be used, and what to do. */
  addressProblems: Readonly<Record<AddressProblem, string>>
  test: string
  testing: string
  cancel: string
  cancelled: string
  /** `{duration}`, `{version}` */
  answers: string
  noSignIn: string
  needsSignIn: string
  /** Heading of every failure of the test; the reason follows. */
  failed: string
  /** `{version}` */
  serverIsNewer: string
  /** `{version}` */
  serverIsOlder: string
  notStorage: string
  unreachable: string
  /** `{origin}` */
  cors: string
  /** `{duration}` */
  timeout: string
  /** `{status}` */
  error: string
  /** `{message}` */
  serverSays: string
  /** `{address}` */
  offered: string
  useOffered: string
  /** For a field that stands alone: on to the plan. */
  review: string
}

export type AddressProblem = 'missing' | 'not-an-address' | 'wrong-scheme' | 'holds-credentials' | 'not-encrypted'

export const connection: ConnectionMessages = {
  title: 'Your server',
  label: 'Address of your server',
  hint: 'Such as https://example.com, or http://localhost:5001 on this computer.',
  addressProblems: {
    missing: 'Enter the address of your server.',
    'not-an-address': 'This is not an address. Enter one such as https://example.com.',
    'wrong-scheme': 'Begin the address with https:// (or with http:// for a server on this computer).',
    'holds-credentials': 'Take the user name and the password out of the address: it is kept, and shown, as it is.',
    'not-encrypted': 'Begin the address with https://. Without encryption others could read your data on its way.',
  },
  test: 'Test connection',
  testing: 'Testing…',
  cancel: 'Cancel the test',
  cancelled: 'The test was cancelled.',
  answers: 'The server answered within {duration}. Its version is {version}.',
  noSignIn: 'It asks for no sign-in.',
  needsSignIn: 'It asks for a sign-in. This page cannot sign you in yet; the app itself has to.',
  failed: 'The connection does not work.',
  serverIsNewer: 'The server (version {version}) is newer than this app. Reload the page to get a newer app.',
  serverIsOlder: 'The server (version {version}) is older than this app. Update the server.',
  notStorage: 'Something answers there, but it is not a storage server. Check the address, its path included.',
  unreachable: 'Nothing answers there. Check the address, and that the server runs and can be reached from here.',
  cors: 'A server is there, but it does not let this page in. Add {origin} to its ALLOWED_ORIGINS, then test again.',
  timeout: 'There was no answer within {duration}. Check the address and the connection, then test again.',
  error: 'The server answered with an error (status {status}).',
  serverSays: 'It says: {message}',
  offered: 'This app is set up for the server {address}. Your data stays where it is until you switch.',
  useOffered: 'Use this address',
  review: 'Switch to this server…',
}
