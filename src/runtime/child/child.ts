import {writeFileSync} from 'node:fs'
import type {Reply, Request, StopRequest, Task, TaskContext, TaskInput, TaskName} from './protocol.js'
import {toTransfer} from './transferred-error.js'

/**
 * The entry of the child process: waits for requests, runs one at a time, sends progress and results back.
 * Tasks are imported when first asked for, so that timing a model never loads the code that reads files.
 */
const TASKS: {readonly [K in TaskName]: () => Promise<Task<K>>} = {
  prepare: async () => (await import('../time/time-task.js')).prepare,
  load: async () => (await import('../time/time-task.js')).load,
  timeBlock: async () => (await import('../time/time-task.js')).timeBlock,
  peakMemory: async () => (await import('./peak-memory.js')).peakMemory,
  evaluate: async () => (await import('../evaluate/evaluate-task.js')).evaluate,
  calibrate: async () => (await import('../calibrate/calibrate-task.js')).calibrate,
  layerErrors: async () => (await import('../layer-errors/layer-errors-task.js')).layerErrors,
  compare: async () => (await import('../compare/compare-task.js')).compare,
  extremes: async () => (await import('../extremes/extremes-task.js')).extremes,
  fold: async () => (await import('../fold/fold-task.js')).fold,
  profile: async () => (await import('../profile/profile-task.js')).profile,
  module: async () => (await import('./module-task.js')).runModule,
  optimize: async () => (await import('../optimize/optimize-task.js')).optimize,
  listBackends: async () => (await import('../providers/providers-task.js')).listBackends,
  tryProvider: async () => (await import('../providers/providers-task.js')).tryProvider,
}

const PROGRESS_INTERVAL_MS = 50

/** The terminal sends Ctrl-C to the whole process group: the parent decides what it means and kills the child itself. */
function leaveSignalsToTheParent(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})
  process.on('disconnect', () => process.exit(0))
}

function send(reply: Reply): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(reply, undefined, {}, (error) => (error ? reject(error) : resolve()))
  })
}

let isStopWanted = false

function contextOf(id: number): TaskContext {
  let lastMs = 0
  return {
    progress(done, total, figure) {
      const nowMs = performance.now()
      if (nowMs - lastMs < PROGRESS_INTERVAL_MS && done < total) return
      lastMs = nowMs
      process.send?.({kind: 'progress', id, done, total, figure} satisfies Reply)
    },
    part: (data) => send({kind: 'part', id, data}),
    event: (data) => process.send?.({kind: 'event', id, data} satisfies Reply),
    isStopWanted: () => isStopWanted,
  }
}

async function execute<K extends TaskName>(name: K, input: TaskInput<K>, context: TaskContext): Promise<unknown> {
  const task: Task<K> = await TASKS[name]()
  return task(input, context)
}

/** The child has worked for somebody else: their wish to stop, their sessions and their peak of memory are not this asker's. */
async function forgetOtherWork(): Promise<void> {
  isStopWanted = false
  const {releaseSessions} = await import('../session/session.js')
  await releaseSessions()
  try {
    if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // the peak is that of all its work then
  }
}

async function answer(request: Request): Promise<void> {
  const {id} = request
  try {
    if (request.isUsed) await forgetOtherWork()
    const output = await execute(request.task, request.input, contextOf(id))
    await send({kind: 'result', id, output, rssBytes: process.memoryUsage.rss()})
  } catch (error) {
    await send({kind: 'error', id, error: toTransfer(error)})
  }
}

leaveSignalsToTheParent()
process.on('message', (request: Request | StopRequest) => {
  if ('kind' in request) isStopWanted = true
  else void answer(request)
})
