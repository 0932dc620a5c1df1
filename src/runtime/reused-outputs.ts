import type {InferenceSession, OnnxValue} from 'onnxruntime-node'
import {type Feeds, runSession} from './session.js'

/**
 * Runs a session again and again into the same output buffers: large outputs would otherwise be allocated, copied and left to the
 * garbage collector in every run. What a run returns is overwritten by the next one.
 */
export class ReusedOutputs {
  #buffers: Readonly<Record<string, OnnxValue>> | undefined
  #feedShapes = ''
  /** Off as soon as the shape of an output changes though those of the inputs don't. */
  #isPossible = true

  constructor(
    private readonly session: InferenceSession,
    private readonly names: readonly string[],
  ) {}

  /** @param name what messages call the model. @throws as `runSession`. */
  async run(feeds: Feeds, name: string): Promise<InferenceSession.OnnxValueMapType> {
    const shapes = JSON.stringify(Object.entries(feeds).map(([input, {dims}]) => [input, dims]))
    if (shapes !== this.#feedShapes) this.#buffers = undefined
    this.#feedShapes = shapes
    if (this.#buffers) {
      try {
        return await runSession(this.session, feeds, this.#buffers, name)
      } catch {
        // shapes that depend on values: the runtime refuses buffers that don't fit; a real error comes again below
        this.#isPossible = false
        this.#buffers = undefined
      }
    }
    const results = await runSession(this.session, feeds, this.names, name)
    if (this.#isPossible) this.#buffers = results
    return results
  }
}
