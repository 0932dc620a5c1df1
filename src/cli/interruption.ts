import {EXIT, InterruptedError} from '../errors.js'

/** How long work may take to stop and to remove its temporary files before the process ends all the same. */
const GRACE_MS = 5000

/**
 * Turns Ctrl-C and SIGTERM into an aborted signal, whose reason is an InterruptedError. A second one ends the process at once.
 *
 * @returns the signal, and a function that stops listening.
 */
export function listenForInterruption(): {signal: AbortSignal; stop: () => void} {
  const controller = new AbortController()
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => {
    const listener = () => interrupt(controller, name === 'SIGINT' ? 'SIGINT' : 'SIGTERM')
    process.on(name, listener)
    return {name, listener}
  })
  const stop = () => {
    for (const {name, listener} of listeners) process.off(name, listener)
  }
  return {signal: controller.signal, stop}
}

function interrupt(controller: AbortController, name: 'SIGINT' | 'SIGTERM'): void {
  const code = name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated
  if (controller.signal.aborted) process.exit(code)
  controller.abort(new InterruptedError(name))
  setTimeout(() => process.exit(code), GRACE_MS).unref()
}
