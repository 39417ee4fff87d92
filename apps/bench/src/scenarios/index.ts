import type { Scenario } from '../types'
import { codec } from './codec'
import { p1 } from './p1-set-in-one-tick'
import { p2 } from './p2-set-awaited'
import { p3 } from './p3-get-in-one-tick'
import { p4 } from './p4-write-many'
import { p5 } from './p5-read-all'
import { p6, p6Pages } from './p6-update'
import { p7, p7Open, p7Tick } from './p7-sqlite'
import { p8, p8Flask } from './p8-switch'
import { p13, p13All, p13One, p13Setters, p13Values } from './p13-hooks'

// P9 to P12 follow with what they measure. P14, sizes, needs no browser: runner/sizes.mjs.
export const scenarios: readonly Scenario[] = [
  p1,
  p2,
  p3,
  p4,
  p5,
  p6,
  p6Pages,
  p7,
  p7Tick,
  p7Open,
  p8,
  p8Flask,
  p13,
  p13Values,
  p13One,
  p13All,
  p13Setters,
  codec,
]
