// Made from the server's OpenAPI document by `flask types`; the tests compare. Do not edit.

export type ChangesAnswer = {
  epoch: string
  next: number
  more: boolean
  head: number
  items: ItemAnswer[]
}

/** The password once more, before something goes for ever. */
export type Confirmation = {
  password: string
}

/** SHA-256 in hex of `["a","b",1\n2]`: the keys that are there, and the JSON texts of their values, a line each. */
export type DigestAnswer = {
  epoch: string
  head: number
  digest: string
}

/** The one shape of every error. */
export type ErrorAnswer = {
  error: ErrorBody
}

export type ErrorBody = {
  code: string
  message: string
  requestId: string
  current?: ItemAnswer | null
  head?: number | null
}

export type HealthAnswer = {
  status: 'ok'
  version: string
  protocol: number
  auth: 'none' | 'required'
  timestamp: number
}

export type ImportAnswer = {
  success: true
  imported: number
}

/** `next` is what `after` takes for the following page, null after the last. */
export type IndexAnswer = {
  epoch: string
  head: number
  next: string | null
  more: boolean
  items: IndexItem[]
}

/** `bytes` are those of the value's JSON text as UTF-8, `updatedAt` is in milliseconds since 1970. */
export type IndexItem = {
  key: string
  rev: number
  bytes: number
  updatedAt: number
}

export type InvitationAnswer = {
  invitation: string
  expires: number
}

export type ItemAnswer = {
  key: string
  rev: number
  deleted: boolean
  value: string | null
}

export type KeysAnswer = {
  keys: string[]
}

export type LimitsAnswer = {
  keyBytes: number
  valueBytes: number
  requestBytes: number
  mutations: number
  transactionWrites: number
  transactionBytes: number
  pageItems: number
  indexItems: number
}

export type MemberAnswer = {
  user: string
  role: 'viewer' | 'editor' | 'owner'
}

export type MembersAnswer = {
  members: MemberAnswer[]
}

/** Members that can never be valid make it `rejected`; only a wrong id stops the whole push. */
export type MutationBody = {
  id: number
  op: 'put' | 'delete'
  key: string
  base: number
  value?: string | null
}

/** Accepts an invitation: a user with a space of their own and a place in the one they are invited to. */
export type NewAccount = {
  invitation: string
  user: string
  password: string
}

export type NewInvitation = {
  role: 'viewer' | 'editor'
}

export type NewPassword = {
  current: string
  password: string
}

export type NewRole = {
  role: 'viewer' | 'editor' | 'owner'
}

export type NewSpace = {
  name: string
}

/** `value` is JSON text, stored exactly as it is sent. */
export type NewValue = {
  value: string
}

export type OriginalAnswer = {
  status: 'applied' | 'conflict' | 'rejected'
  rev: number
  current?: ItemAnswer | null
  why?: string | null
}

export type PushAnswer = {
  epoch: string
  head: number
  lastMutation: number
  results: ResultAnswer[]
}

export type PushBody = {
  epoch: string
  client: string
  mutations: MutationBody[]
}

export type ReadAnswer = {
  key: string
  rev: number
  value: string
}

export type ResultAnswer = {
  id: number
  status: 'applied' | 'duplicate' | 'conflict' | 'rejected'
  rev: number
  current?: ItemAnswer | null
  why?: string | null
  original?: OriginalAnswer | null
}

export type RevAnswer = {
  rev: number
}

/** A name and a password to sign in with. */
export type Session = {
  user: string
  password: string
}

export type SessionAnswer = {
  user: string
  spaces: SpaceAnswer[]
  limits: LimitsAnswer
  protocol: number
}

/** `next` is what `after` takes for the following page, null after the last. */
export type SnapshotAnswer = {
  epoch: string
  head: number
  next: string | null
  more: boolean
  items: ItemAnswer[]
}

export type SpaceAnswer = {
  id: string
  name: string
  role: 'viewer' | 'editor' | 'owner'
  epoch: string
  head: number
}

export type SpacesAnswer = {
  spaces: SpaceAnswer[]
}

export type StatsAnswer = {
  total_keys: number
  total_size_bytes: number
}

/** What an app calls a storage: any text, `default` for the user's first space. */
export type StorageName = {
  name: string
}

export type Success = {
  success: true
}

/** `expires` is in milliseconds since 1970. */
export type TokenAnswer = {
  token: string
  expires: number
}

/** With `applied`, its revisions are those after `since` up to `rev`. `original`: what a duplicate's outcome was. */
export type TransactionAnswer = {
  epoch: string
  head: number
  status: 'applied' | 'conflict' | 'duplicate'
  since: number
  rev: number
  original?: 'applied' | 'conflict' | null
}

/** Takes the next number of its client, as a mutation does. With `head`, nothing at all may have changed since. */
export type TransactionBody = {
  epoch: string
  client: string
  id: number
  head?: number | null
  writes: WriteBody[]
}

/** What there is of the first `done` keys; the rest did not fit into one answer. */
export type WantedAnswer = {
  epoch: string
  head: number
  done: number
  items: ItemAnswer[]
}

export type WantedKeys = {
  keys: string[]
}

/** `check` writes nothing; `clear` deletes everything and comes first. `base` null writes whatever is there. */
export type WriteBody = {
  op: 'put' | 'delete' | 'check' | 'clear'
  key?: string | null
  base?: number | null
  value?: string | null
}
