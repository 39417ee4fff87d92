import { CircleCheck, Info, KeyRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { Alert, AlertText } from '../primitives/alert'
import { ErrorNotice } from './error-notice'
import { isolate } from './format'
import type { ConnectionResult } from './test-connection'
import type { TestState } from './use-connection-test'
import type { Words } from './use-words'

/** What a connection test found, in words. */
export function ConnectionOutcome({ state, words }: { state: TestState; words: Words }): ReactElement {
  const text = words.messages.connection
  const result = state.step === 'done' ? state.result : undefined
  return (
    <>
      <div role="status" className="us:w-full us:empty:contents">
        {state.step === 'testing' && <span className="us:sr-only">{text.testing}</span>}
        {state.step === 'cancelled' && (
          <Alert>
            <Info aria-hidden="true" />
            <AlertText>{text.cancelled}</AlertText>
          </Alert>
        )}
        {result?.kind === 'ok' && <Answer result={result} words={words} />}
      </div>
      {result && result.kind !== 'ok' && <ErrorNotice title={text.failed}>{describeResult(result, words)}</ErrorNotice>}
    </>
  )
}

type Ok = Extract<ConnectionResult, { kind: 'ok' }>

function Answer({ result, words: { messages, format } }: { result: Ok; words: Words }): ReactElement {
  const { answers, needsSignIn, noSignIn } = messages.connection
  const values = { duration: format.duration(result.milliseconds), version: isolate(result.version) }
  const Icon = result.needsSignIn ? KeyRound : CircleCheck
  return (
    <Alert tone={result.needsSignIn ? 'warning' : 'success'}>
      <Icon aria-hidden="true" />
      <AlertText>
        <p>{format.text(answers, values)}</p>
        <p>{result.needsSignIn ? needsSignIn : noSignIn}</p>
      </AlertText>
    </Alert>
  )
}

/** Why the connection does not work, and what to do. */
function describeResult(result: Exclude<ConnectionResult, Ok>, { messages, format }: Words): string {
  const text = messages.connection
  switch (result.kind) {
    case 'not-storage':
      return text.notStorage
    case 'unreachable':
      return text.unreachable
    case 'cors':
      return format.text(text.cors, { origin: isolate(location.origin) })
    case 'timeout':
      return format.text(text.timeout, { duration: format.duration(result.milliseconds) })
    case 'other-protocol':
      return format.text(result.isNewer ? text.serverIsNewer : text.serverIsOlder, { version: isolate(result.version) })
    case 'error': {
      const words = format.text(text.error, { status: String(result.status) })
      return result.message ? `${words} ${format.text(text.serverSays, { message: isolate(result.message) })}` : words
    }
  }
}
