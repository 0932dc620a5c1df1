import {fork} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {DataFolder} from '../data-folder.js'
import type {FuzzMessage, FuzzTask} from './child.js'

export interface FuzzResult {
  /** Files read and files refused; together all of them, unless there were faults. */
  readonly read: number
  readonly refused: number
  readonly peakMb: number
  /** Crashes, hangs, raw exceptions and too much memory: what was done to which file, and what came of it. */
  readonly faults: readonly string[]
}

/** A child that says nothing for so long hangs in the file it told of last; before the first one it loads its modules. */
const SILENCE_MS = 60_000
const LOADING_MS = 240_000

/** Mutants of small models, numbered, each the same every time; they are read in a child process, which may die of them. */
export async function fuzz(task: Omit<FuzzTask, 'folder' | 'limitMb'> & {limitMb?: number}): Promise<FuzzResult> {
  const folder = new DataFolder()
  const faults: string[] = []
  let [read, refused, peak, last] = [0, 0, 0, task.from]
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  let watchdog = setTimeout(() => child.kill('SIGKILL'), LOADING_MS)
  child.on('message', (message: FuzzMessage) => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS)
    if (message.kind === 'start') last = message.index
    else if (message.kind === 'fault') faults.push(`file ${message.index} (${message.how}): ${message.reason}`)
    else [read, refused, peak] = [message.read, message.refused, message.peakMb]
  })
  child.send({limitMb: 500, ...task, folder: folder.path} satisfies FuzzTask)
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on('exit', (...end) => resolve(end))
  })
  clearTimeout(watchdog)
  folder.remove()
  if (code !== 0) faults.push(`file ${last} ended the process (${signal ?? code}): ${stderr.slice(0, 2000)}`)
  return {read, refused, peakMb: peak, faults}
}
