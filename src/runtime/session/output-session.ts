import type {InferenceSession, Tensor} from 'onnxruntime-node'
import type {BatchInput, InputPort} from '../../data/dataset.js'
import {toFeeds} from '../inputs/feeds.js'
import {inputPorts} from './ports.js'
import {createSession, type Feeds, runSession} from './session.js'
import type {SessionSettings} from './session-settings.js'
import {toFloat32} from './to-float32.js'

type Arrays = Readonly<Record<string, BatchInput>>

/** A model of which one output is asked for, over and over, while some inputs (weights) stay the same arrays. */
export class OutputSession {
  /** Those that are not bound. */
  readonly inputs: readonly InputPort[]
  readonly #bound: Feeds

  private constructor(
    private readonly session: InferenceSession,
    bound: Arrays,
    private readonly output: string,
    private readonly name: string,
  ) {
    this.inputs = inputPorts(session).filter((port) => !Object.hasOwn(bound, port.name))
    this.#bound = toFeeds(bound)
  }

  /** @param name what messages call the model. @throws RuntimeRefusedError, ProviderError, MachineError. */
  static async open(
    model: Uint8Array,
    settings: SessionSettings,
    {bound, output}: {readonly bound: Arrays; readonly output: string},
    name: string,
  ): Promise<OutputSession> {
    const session = await createSession(model, settings, {enableMemPattern: false}, name)
    return new OutputSession(session, bound, output, name)
  }

  /** The output for these inputs, as float32. @throws RuntimeRefusedError, MachineError. */
  async run(inputs: Arrays): Promise<{data: Float32Array; shape: readonly number[]}> {
    const feeds = {...this.#bound, ...toFeeds(inputs)}
    const results = await runSession(this.session, feeds, [this.output], this.name)
    const tensor = results[this.output] as Tensor
    return {data: toFloat32(tensor), shape: tensor.dims}
  }
}
