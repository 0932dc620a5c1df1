import type {RunControl} from './run-control.js'
import {type RuntimeChild, startChild} from './start-child.js'

/**
 * A child process that has answered waits a moment for the next question: a start costs more than most questions about small models.
 * It never waits with much memory, nor keeps the program alive.
 */
interface Spare {
  readonly child: RuntimeChild
  readonly surroundings: string
  readonly timer: NodeJS.Timeout
}

/** What a child may hold while it waits: the runtime and the remains of a small model. */
const MOST_SPARE_BYTES = 256e6
const SPARE_MS = 2000

let spare: Spare | undefined

/** A child for one or several questions, to be given back, or closed where it must not answer others. */
export function takeChild(what: string, control: RunControl = {}): RuntimeChild {
  const found = spare
  spare = undefined
  if (found) {
    clearTimeout(found.timer)
    if (found.surroundings === surroundings() && found.child.begin(what, control)) return found.child
    void found.child.close()
  }
  return startChild(what, {...control, isFrugal: true})
}

/** Settles when the child waits, or is gone. */
export async function giveBack(child: RuntimeChild): Promise<void> {
  if (spare || child.rssBytes > MOST_SPARE_BYTES || !child.rest()) return child.close()
  const timer = setTimeout(() => void takeSpare()?.child.close(), SPARE_MS)
  timer.unref()
  spare = {child, surroundings: surroundings(), timer}
}

function takeSpare(): Spare | undefined {
  const found = spare
  spare = undefined
  return found
}

/** What a process keeps from its start: a child of other surroundings is another child. */
function surroundings(): string {
  return JSON.stringify([process.cwd(), process.env])
}
