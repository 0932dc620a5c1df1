import {type ChildProcess, fork, type StdioOptions} from 'node:child_process'
import {Socket} from 'node:net'
import {InterruptedError, MachineError, type MoptError} from '../../errors.js'
import {childModule} from './child-module.js'
import {crashError, type Exit} from './crash-error.js'
import type {Reply, Request, ResultReply, StopRequest} from './protocol.js'
import type {Listeners, RunControl} from './run-control.js'
import type {Task} from './task.js'
import {fromTransfer, type TransferredError} from './transferred-error.js'

/**
 * A hanging native run cannot answer, so the parent holds the limit. Every message of the child starts it anew;
 * no single load or batch of a model that is worth waiting for takes this long.
 */
const SILENCE_LIMIT_MS = 300_000

/** The runtime can log a line per node: only the end is kept. */
const LOG_LIMIT_CHARS = 65_536

/** ONNX Runtime 1.30 reports its sessions to Microsoft, and leaves files in the temporary folder, unless told not to. */
const NO_TELEMETRY = {ORT_DISABLE_TELEMETRY: '1'}

/** Megabytes of young objects before V8 looks for garbage; arrays outside its heap wait for that. */
const FRUGAL = ['--max-semi-space-size=1']

const ENTRY = childModule('runtime/child/child')

/** What a task gave. */
export interface Answer<Output> {
  readonly output: Output
  /** The most memory that the child has held at once while it worked for this asker. */
  readonly peakRssBytes: number
}

interface Pending extends Listeners {
  readonly id: number
  resolve(reply: ResultReply): void
  reject(error: MoptError): void
}

const living = new Set<ChildProcess>()

/** No orphans, however the parent ends; only SIGKILL skips this, and then the child notices the closed channel. */
function killAllChildren(): void {
  for (const child of living) child.kill('SIGKILL')
}

/**
 * Starts a child process that waits for requests, one at a time. An error of a task ends the child.
 *
 * @param what what the child is for, the beginning of messages about its death: `running cnn.onnx`
 */
export function startChild(what: string, control: RunControl = {}): RuntimeChild {
  if (control.signal?.aborted) throw interruptionOf(control.signal)
  return new RuntimeChild(what, control)
}

/** The parent's end of a child process. Made by `startChild`. */
export class RuntimeChild {
  readonly #process: ChildProcess
  readonly #closed: Promise<void>
  #pending: Pending | undefined
  #silence: NodeJS.Timeout | undefined
  #log = ''
  #lastId = 0
  #reported: TransferredError | undefined
  #what: string
  #control: RunControl
  #rssBytes = 0
  #isUsed = false
  #isKilled = false
  /** Why no further request can be answered. */
  #ended: MoptError | undefined

  constructor(what: string, control: RunControl) {
    this.#what = what
    this.#control = control
    if (living.size === 0) process.once('exit', killAllChildren)
    // stdin stays with the parent; what native code prints must reach neither the user's stdout nor stderr
    const env = {...process.env, ...NO_TELEMETRY}
    const execArgv = [...process.execArgv, ...(control.isFrugal ? FRUGAL : [])]
    const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', 'ipc']
    const child = fork(ENTRY, {serialization: 'advanced', stdio, env, execArgv})
    this.#process = child
    living.add(child)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-LOG_LIMIT_CHARS)
    })
    child.on('message', (reply: Reply) => this.#receive(reply))
    child.on('error', (cause) =>
      this.#fail(new MachineError(`${this.#what}: no child process could be started`, {cause})),
    )
    this.#closed = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#onClose({code, signal, log: this.#log})
        resolve()
      })
    })
    control.signal?.addEventListener('abort', this.#onAbort, {once: true})
  }

  /** What it held in memory when it answered last; 0 before that. */
  get rssBytes(): number {
    return this.#rssBytes
  }

  /**
   * Waits for another asker, without keeping the program alive.
   *
   * @returns false when it cannot.
   */
  rest(): boolean {
    if (this.#ended || this.#control.signal?.aborted || this.#isKilled) return false
    this.#control.signal?.removeEventListener('abort', this.#onAbort)
    this.#control = {}
    this.#isUsed = true
    this.#hold('unref')
    return true
  }

  /** Works for a new asker. @returns false when it is gone. */
  begin(what: string, control: RunControl): boolean {
    if (this.#ended || !this.#process.connected) return false
    if (control.signal?.aborted) throw interruptionOf(control.signal)
    this.#what = what
    this.#control = control
    this.#log = ''
    control.signal?.addEventListener('abort', this.#onAbort, {once: true})
    this.#hold('ref')
    return true
  }

  #hold(how: 'ref' | 'unref'): void {
    this.#process[how]()
    this.#process.channel?.[how]()
    const {stderr} = this.#process
    if (stderr instanceof Socket) stderr[how]()
  }

  /** Undefined when no process could be started. */
  get pid(): number | undefined {
    return this.#process.pid
  }

  /** @throws MoptError of the task, MachineError when the child dies or hangs, InterruptedError when the signal is aborted. */
  async request<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    listeners: Listeners = {},
  ): Promise<Answer<Output>> {
    if (this.#ended) throw this.#ended
    const id = ++this.#lastId
    const request = {id, task, input, isUsed: this.#isUsed}
    try {
      const {output, peakRssBytes} = await new Promise<ResultReply>((resolve, reject) => {
        this.#pending = {...listeners, id, resolve, reject}
        this.#watch()
        this.#process.send(request as Request, (error) => error && this.#process.kill('SIGKILL'))
      })
      return {output: output as Output, peakRssBytes}
    } finally {
      this.#pending = undefined
      clearTimeout(this.#silence)
    }
  }

  /**
   * Ends the child. By SIGKILL: it holds nothing that needs saving, and the teardown of native libraries takes time and can crash.
   */
  async close(): Promise<void> {
    this.#hold('ref')
    this.#isKilled = true
    this.#process.kill('SIGKILL')
    await this.#closed
  }

  readonly #onAbort = (): void => {
    const {signal, stopGraceMs} = this.#control
    if (!signal) return
    const kill = (): void => this.#fail(interruptionOf(signal))
    if (stopGraceMs === undefined || !this.#pending) {
      kill()
      return
    }
    setTimeout(kill, stopGraceMs).unref()
    this.#process.send({kind: 'stop'} satisfies StopRequest, () => {})
  }

  #receive(reply: Reply): void {
    const pending = this.#pending
    if (reply.id !== pending?.id) return
    this.#watch()
    if (reply.kind === 'progress') pending.onProgress?.(reply.done, reply.total, reply.figure)
    else if (reply.kind === 'part') pending.onPart?.(reply.data)
    else if (reply.kind === 'event') pending.onEvent?.(reply.data)
    else if (reply.kind === 'result') {
      this.#rssBytes = reply.rssBytes
      pending.resolve(reply)
    } else this.#endWith(reply.error)
  }

  /** The error is told once the child is gone: then all of its stderr has arrived and becomes part of the cause. */
  #endWith(error: TransferredError): void {
    this.#reported = error
    this.#process.kill('SIGKILL')
  }

  #watch(): void {
    const limitMs = this.#control.silenceLimitMs ?? SILENCE_LIMIT_MS
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      this.#fail(
        new MachineError(`${this.#what}: no sign of life for ${limitMs / 1000} s, the process was killed`, {
          hint: 'The model may loop without end; a smaller --batch or --input-shape makes a run shorter',
        }),
      )
    }, limitMs)
  }

  #fail(error: MoptError): void {
    this.#ended ??= error
    this.#process.kill('SIGKILL')
    this.#pending?.reject(this.#ended)
  }

  #onClose(exit: Exit): void {
    living.delete(this.#process)
    if (living.size === 0) process.off('exit', killAllChildren)
    this.#control.signal?.removeEventListener('abort', this.#onAbort)
    this.#fail(this.#reported ? fromTransfer(this.#reported, exit.log) : crashError(exit, this.#what))
  }
}

function interruptionOf(signal: AbortSignal): MoptError {
  return signal.reason instanceof InterruptedError ? signal.reason : new InterruptedError()
}
