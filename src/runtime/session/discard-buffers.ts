import {MessageChannel, type MessagePort} from 'node:worker_threads'

let nowhere: MessagePort | undefined

/**
 * Gives back the memory of buffers that nobody reads any more, now instead of when the garbage collector comes by: it counts large
 * buffers too late, and a loop that makes one per turn holds dozens. They are sent to a port whose other end is closed.
 *
 * @param buffers empty afterwards, and so are all views of them.
 */
export function discardBuffers(buffers: readonly ArrayBuffer[]): void {
  nowhere ??= closedPort()
  nowhere.postMessage(undefined, [...buffers])
}

function closedPort(): MessagePort {
  const {port1, port2} = new MessageChannel()
  port2.close()
  port1.unref()
  return port1
}
