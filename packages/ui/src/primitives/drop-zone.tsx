'use client'

import { type ComponentPropsWithoutRef, type DragEvent, type ReactElement, useRef, useState } from 'react'
import { classNames } from './class-names'

export type DropZoneProps = Omit<ComponentPropsWithoutRef<'div'>, 'onDrop'> & { onFiles(files: File[]): void }

const dropZoneStyle = [
  'us:flex us:flex-col us:items-start us:gap-3 us:p-4',
  'us:rounded-us-control us:border us:border-dashed us:border-us-control',
  'us:data-[state=over]:bg-us-sunken us:data-[state=over]:border-us-accent us:data-[state=over]:border-solid',
]

/** A place to drop files on. Dropping needs a pointer: put a button inside that does the same. */
export function DropZone({ onFiles, className, ...props }: DropZoneProps): ReactElement {
  const { isOver, handlers } = useDrop(onFiles)
  return (
    <div
      data-slot="drop-zone"
      data-state={isOver ? 'over' : 'idle'}
      className={classNames(dropZoneStyle, className)}
      {...handlers}
      {...props}
    />
  )
}

type DropHandlers = Pick<ComponentPropsWithoutRef<'div'>, 'onDragEnter' | 'onDragOver' | 'onDragLeave' | 'onDrop'>

function useDrop(onFiles: (files: File[]) => void): { isOver: boolean; handlers: DropHandlers } {
  // Entering a child fires before leaving its parent, so elements are counted.
  const depth = useRef(0)
  const [isOver, setIsOver] = useState(false)

  function move(step: 1 | -1): void {
    depth.current = Math.max(0, depth.current + step)
    setIsOver(depth.current > 0)
  }

  function drop(event: DragEvent): void {
    if (!carriesFiles(event)) return
    event.preventDefault()
    depth.current = 0
    setIsOver(false)
    onFiles([...event.dataTransfer.files])
  }

  return {
    isOver,
    handlers: {
      onDragEnter: (event) => carriesFiles(event) && move(1),
      onDragLeave: (event) => carriesFiles(event) && move(-1),
      onDragOver: acceptFiles,
      onDrop: drop,
    },
  }
}

/** Without this a browser refuses the drop, and opens the file in place of the page. */
function acceptFiles(event: DragEvent): void {
  if (!carriesFiles(event)) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'copy'
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files')
}
