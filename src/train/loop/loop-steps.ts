import type {BatchInput} from '../../data/dataset.js'
import {arrayTypeOf, type TypedArray} from '../../ir/dtype.js'
import type {EncodedModels} from '../../runtime/session/encode-models.js'
import {StepSession} from '../../runtime/session/step-session.js'
import type {BatchReader} from './batch-reader.js'
import {changingNumbers, LOOP} from './loop-graph.js'
import type {StepRunner} from './step-runner.js'
import type {TrainRequest} from './train-request.js'
import {rateOf, type TrainState} from './train-state.js'
import {type UpdateRule, updateRule} from './update-rule.js'

/** What the loop is run with: arrays of the training, and those that it writes. */
interface Carried {
  readonly now: Float32Array
  /** Feeding an array and writing into it at once is silently wrong. */
  readonly next: Float32Array
}

interface Parts {
  readonly session: StepSession
  readonly carried: readonly Carried[]
  readonly losses: Float32Array
}

/** Several updates per run of the runtime, in a graph made by `loopGraph`. For small nets, whose steps are shorter than what surrounds a run. */
export class LoopSteps implements StepRunner {
  readonly #rule: UpdateRule
  readonly #numbers: readonly string[]
  /** By input: the batches of the updates of a run. */
  readonly #chunks = new Map<string, TypedArray>()

  private constructor(
    private readonly request: TrainRequest,
    private readonly state: TrainState,
    private readonly parts: Parts,
  ) {
    this.#rule = updateRule(request.update.optimizer)
    this.#numbers = changingNumbers(this.#rule)
  }

  /** @param models `loop`, encoded. */
  static async open(request: TrainRequest, models: EncodedModels, state: TrainState): Promise<LoopSteps> {
    const {settings, name, parameters} = request
    const {weights, moments} = state.optimizer
    const tensors = parameters.flatMap(({name: weight, shape}, index) => [
      {name: weight, shape, now: weights[index] as Float32Array},
      ...(moments[index] ?? []).map((now, slot) => ({name: LOOP.moment(weight, slot), shape, now})),
    ])
    const carried = tensors.map((tensor) => ({...tensor, next: new Float32Array(tensor.now.length)}))
    const bound = carried.map(({name: input, shape, now}) => [input, {dtype: 'float32', shape, data: now}] as const)
    const outputs = carried.map(({name: input, shape, next}) => {
      return [LOOP.next(input), {dtype: 'float32', shape, data: next}] as const
    })
    const arrays = {bound: Object.fromEntries(bound), outputs: Object.fromEntries(outputs)}
    const session = await StepSession.open(models.loop as Uint8Array, settings, arrays, name)
    const losses = new Float32Array(request.updatesPerRun)
    return new LoopSteps(request, state, {session, carried, losses})
  }

  async advance(reader: BatchReader, most: number): Promise<readonly number[]> {
    const {session, carried, losses} = this.parts
    const count = Math.min(most, losses.length)
    const inputs = {...(await this.#read(reader, count)), ...this.#moments(count)}
    const given = losses.subarray(0, count)
    await session.run(inputs, {[LOOP.losses]: {dtype: 'float32', shape: [count], data: given}})
    for (const {now, next} of carried) now.set(next)
    const broken = given.findIndex((loss) => !Number.isFinite(loss))
    this.state.progress.steps += broken < 0 ? count : broken
    return [...given.subarray(0, broken < 0 ? count : broken + 1)]
  }

  /** The batches of the updates, one behind the other. */
  async #read(reader: BatchReader, count: number): Promise<Record<string, BatchInput>> {
    const chunks: Record<string, BatchInput> = Object.create(null)
    for (let update = 0; update < count; update++) {
      for (const [name, {dtype, shape, data}] of Object.entries(await reader.next())) {
        const chunk = this.#chunk(name, dtype, data.length)
        chunk.set(data as never, update * data.length)
        chunks[name] = {dtype, shape: [count, ...shape], data: chunk.subarray(0, count * data.length)}
      }
    }
    return chunks
  }

  #chunk(name: string, dtype: BatchInput['dtype'], length: number): TypedArray {
    const known = this.#chunks.get(name)
    if (known) return known
    const made = new (arrayTypeOf(dtype))(this.parts.losses.length * length)
    this.#chunks.set(name, made)
    return made
  }

  /** The count, and the numbers of the rule for each of the updates. */
  #moments(count: number): Record<string, BatchInput> {
    const {update, parameters} = this.request
    const {steps} = this.state.progress
    const inputs: Record<string, BatchInput> = {
      [LOOP.updates]: {dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(count))},
    }
    for (const decays of new Set(parameters.map((parameter) => parameter.decays))) {
      const numbers = Array.from({length: count}, (_, index) => {
        const step = steps + index + 1
        const learningRate = rateOf(this.state, update, step)
        return this.#rule.numbersAt({learningRate, step, gradientScale: 1, decays})
      })
      for (const name of this.#numbers) {
        const data = Float32Array.from(numbers, (all) => all[name] as number)
        inputs[LOOP.number(name, decays)] = {dtype: 'float32', shape: [count], data}
      }
    }
    return inputs
  }
}
