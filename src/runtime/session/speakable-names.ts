import type {InferenceSession} from 'onnxruntime-node'

/**
 * Whether all outputs can be asked for by their names. onnxruntime-node 1.30 keeps what is asked for in a plain object: `__proto__` is not
 * found in it, and `constructor` and its like are even where nobody asked. Inputs are own properties of what is fed.
 */
export function isSpeakable(session: InferenceSession): boolean {
  return session.outputNames.every(isFree)
}

/** Whether an output of this name can be asked for. */
export function isFree(name: string): boolean {
  return !(name in Object.prototype)
}
