import {writeFileSync} from 'node:fs'
import {peakRssBytes} from './peak-memory.js'
import type {Reply, Request, StopRequest} from './protocol.js'
import {loadTask} from './task.js'
import type {TaskContext} from './task-context.js'
import {toTransfer} from './transferred-error.js'

/**
 * The entry of the child process: waits for requests, runs one task at a time, sends progress and results back. It knows no task:
 * each is imported when first asked for, so that timing a model never loads the code that reads files.
 */

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
    const run = await loadTask(request.task)
    const output = await run(request.input, contextOf(id))
    await send({kind: 'result', id, output, rssBytes: process.memoryUsage.rss(), peakRssBytes: peakRssBytes()})
  } catch (error) {
    await send({kind: 'error', id, error: toTransfer(error)})
  }
}

leaveSignalsToTheParent()
process.on('message', (request: Request | StopRequest) => {
  if ('kind' in request) isStopWanted = true
  else void answer(request)
})
