import {type InferenceSession, Tensor} from 'onnxruntime-node'
import type {BatchInput} from '../../data/dataset.js'
import {toFeeds} from '../inputs/feeds.js'
import {discardBuffers} from './discard-buffers.js'
import {createSession, type Feeds, runError} from './session.js'
import type {SessionSettings} from './session-settings.js'

type Arrays = Readonly<Record<string, BatchInput>>

/** A model that runs over and over on arrays of the caller: some inputs stay the same arrays, all outputs are written in place. */
export class StepSession {
  readonly #session: InferenceSession
  readonly #bound: Feeds
  readonly #fetches: Feeds
  readonly #name: string

  private constructor(session: InferenceSession, bound: Feeds, fetches: Feeds, name: string) {
    this.#session = session
    this.#bound = bound
    this.#fetches = fetches
    this.#name = name
  }

  /**
   * @param arrays `bound` are inputs whose contents the caller may change between runs (weights), `outputs` are written by every
   *   run. None of them is copied.
   * @param name what messages call the model.
   * @throws RuntimeRefusedError, ProviderError, MachineError.
   */
  static async open(
    model: Uint8Array,
    settings: SessionSettings,
    {bound, outputs}: {readonly bound: Arrays; readonly outputs: Arrays},
    name: string,
  ): Promise<StepSession> {
    // plans of buffers for one size doubled the memory of a training step and gained nothing (measured)
    const session = await createSession(model, settings, {enableMemPattern: false}, name)
    return new StepSession(session, toFeeds(bound), toFeeds(outputs), name)
  }

  /**
   * One run.
   *
   * @param inputs those that are not bound.
   * @param outputs those whose sizes differ from run to run.
   * @throws RuntimeRefusedError, MachineError.
   */
  async run(inputs: Arrays, outputs: Arrays = {}): Promise<void> {
    const fetches = {...this.#fetches, ...toFeeds(outputs)}
    try {
      const results = await this.#session.run({...this.#bound, ...toFeeds(inputs)}, fetches)
      discardCopies(results, fetches)
    } catch (error) {
      throw runError(error, this.#session, this.#name)
    }
  }
}

/** The runtime writes into the arrays it is given, and returns copies of them all the same. */
function discardCopies(results: Readonly<Record<string, unknown>>, fetches: Feeds): void {
  const given = new Set(Object.values(fetches).map(({data}) => bufferOf(data)))
  const returned = Object.values(results).map((result) =>
    result instanceof Tensor ? bufferOf(result.data) : undefined,
  )
  discardBuffers(returned.filter((buffer) => buffer !== undefined && !given.has(buffer)) as ArrayBuffer[])
}

function bufferOf(data: Tensor['data']): ArrayBufferLike | undefined {
  return ArrayBuffer.isView(data) ? data.buffer : undefined
}
