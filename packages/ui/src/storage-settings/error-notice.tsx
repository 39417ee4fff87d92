import { CircleAlert } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Alert, AlertText } from '../primitives/alert'

/** An error in words: what did not work, why, and what can be done. */
export function ErrorNotice({
  title,
  children,
  action,
}: {
  title: string
  children: ReactNode
  action?: ReactNode
}): ReactElement {
  return (
    <Alert tone="danger" role="alert">
      <CircleAlert aria-hidden="true" />
      <AlertText>
        <p className="us:font-semibold">{title}</p>
        <p>{children}</p>
      </AlertText>
      {action}
    </Alert>
  )
}
