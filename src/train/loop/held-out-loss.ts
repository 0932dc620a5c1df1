import type {Batch, BatchInput, Dataset} from '../../data/dataset.js'
import {elementCount} from '../../ir/tensor.js'
import {StepSession} from '../../runtime/session/step-session.js'
import {targetRows} from '../step/target-rows.js'
import type {TeacherRows} from '../teacher/teacher-rows.js'
import {portArrays} from './port-arrays.js'
import type {LossPorts, TrainRequest} from './train-request.js'

/** What the loss is taken of. */
export interface HeldOutSamples {
  /** Of which all batches have the training's size; the last one may be filled up. */
  readonly dataset: Dataset
  /** What the teacher gave for them, where a loss wants it. */
  readonly teacher: TeacherRows | undefined
  readonly path: string
  /** As many batches at most; all when absent. */
  readonly limit?: number | undefined
}

type Request = Pick<TrainRequest, 'settings' | 'name' | 'parameters' | 'statistics' | 'batch'>

interface Parts {
  readonly ports: LossPorts
  readonly session: StepSession
  /** One element, written by every run. */
  readonly loss: Float32Array
}

/** The training's own loss on samples that no update sees, for any weights. */
export class HeldOutLoss {
  private constructor(
    private readonly request: Request,
    private readonly samples: HeldOutSamples,
    private readonly parts: Parts,
  ) {}

  /** @param model as `buildLoss` makes it, encoded. @throws RuntimeRefusedError, ProviderError, MachineError. */
  static async open(
    model: Uint8Array,
    request: Request,
    ports: LossPorts,
    samples: HeldOutSamples,
  ): Promise<HeldOutLoss> {
    const loss = new Float32Array(1)
    const outputs = {[ports.loss]: {dtype: 'float32' as const, shape: [], data: loss}}
    const session = await StepSession.open(model, request.settings, {bound: {}, outputs}, request.name)
    return new HeldOutLoss(request, samples, {ports, session, loss})
  }

  /**
   * The mean loss of each batch, in the same order for all weights.
   *
   * @param weights parameters, then running statistics.
   */
  async perBatch(weights: readonly Float32Array[]): Promise<{readonly loss: number; readonly size: number}[]> {
    const {parameters, statistics, batch} = this.request
    const {dataset, limit = Number.POSITIVE_INFINITY} = this.samples
    const given = portArrays([...parameters, ...statistics], 'name', weights)
    const losses: {loss: number; size: number}[] = []
    for await (const read of dataset.batches(batch)) {
      if (losses.length >= limit) break
      const from = losses.length * batch
      await this.parts.session.run({...given, ...filledUp(read, batch), ...this.#targets(from, read.size)})
      losses.push({loss: this.parts.loss[0] as number, size: read.size})
    }
    return losses
  }

  /** Over all samples. @param weights parameters, then running statistics. */
  async mean(weights: readonly Float32Array[]): Promise<number> {
    const losses = await this.perBatch(weights)
    const samples = losses.reduce((sum, {size}) => sum + size, 0)
    return losses.reduce((sum, {loss, size}) => sum + (loss * size) / samples, 0)
  }

  /** Labels and what the teacher gave, filled up as the samples are. */
  #targets(from: number, size: number): Record<string, BatchInput> {
    const {batch} = this.request
    const {labels: port} = this.parts.ports
    const {dataset, teacher, path} = this.samples
    const positions = Array.from({length: batch}, (_, row) => from + (row % size))
    const {labels, labelShape} = dataset
    const each = elementCount(labelShape)
    const rows = labels && positions.flatMap((one) => [...labels.subarray(one * each, (one + 1) * each)])
    const wanted = {labels: rows && Float64Array.from(rows), labelShape}
    return {
      ...(port && {[port.name]: targetRows(port, wanted, 0, path)}),
      ...teacher?.feeds(positions.map((position) => dataset.keptAt(position))),
    }
  }
}

/** A last batch that samples do not fill repeats all of them in turn, so that each counts about the same. */
function filledUp({inputs, size}: Batch, rows: number): Record<string, BatchInput> {
  if (size === rows) return inputs
  const filled = Object.entries(inputs).map(([name, input]): [string, BatchInput] => {
    if (input.shape[0] !== rows) return [name, input]
    const each = input.data.length / rows
    const data = input.data.slice()
    for (let row = size; row < rows; row++) data.copyWithin(row * each, (row % size) * each, ((row % size) + 1) * each)
    return [name, {...input, data}]
  })
  return Object.fromEntries(filled)
}
