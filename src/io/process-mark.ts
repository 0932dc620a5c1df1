import {createHash} from 'node:crypto'
import {readFileSync, readlinkSync} from 'node:fs'
import {hostname} from 'node:os'

/** A process as the name of a temporary tells it: its id, when it began, and where that id means something. */
interface Mark {
  readonly pid: number
  /** Clock ticks since the machine started; 0 where the system does not tell. */
  readonly began: string
  /** Of the machine, and of the container in it: an id of elsewhere says nothing here. */
  readonly place: string
}

/** As `processMark` writes it. */
export const MARK = String.raw`\d+-\d+-[0-9a-f]{8}`

let own: string | undefined

/** Names this process for good: `4711-820145-9f86d081`. */
export function processMark(): string {
  own ??= `${process.pid}-${stateOf(process.pid)?.began ?? 0}-${here()}`
  return own
}

/**
 * Whether the process that made a mark is certainly gone: its id is nobody's any more, or that of a process which began at another time.
 * One of another machine or container is never known to be.
 */
export function isGone(text: string): boolean {
  const [pid, began = '0', place] = text.split('-')
  const mark: Mark = {pid: Number(pid), began, place: place ?? ''}
  if (mark.place !== here()) return false
  if (!isAlive(mark.pid)) return true
  const state = stateOf(mark.pid)
  if (!state || mark.began === '0') return false
  return state.isDead || state.began !== mark.began
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, as another user's
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Linux's proc(5): after the command in brackets come the state, and as the 20th field from there the start. */
function stateOf(pid: number): {began: string; isDead: boolean} | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, began] = [fields[0] ?? '', fields[19]]
    return began === undefined ? undefined : {began, isDead: 'ZXx'.includes(state)}
  } catch {
    return undefined
  }
}

/** Hash of the host's name and, on Linux, of the namespace that process ids count in. */
function here(): string {
  return createHash('sha256').update(`${hostname()} ${namespace()}`).digest('hex').slice(0, 8)
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}
