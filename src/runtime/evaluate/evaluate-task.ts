import type {InferenceSession, Tensor} from 'onnxruntime-node'
import type {DataSpec} from '../../data/dataset.js'
import {DataError, UnsupportedError, UsageError} from '../../errors.js'
import {elementCount} from '../../ir/tensor.js'
import type {TaskContext} from '../child/task-context.js'
import {openSource} from '../inputs/feeds.js'
import {inputPorts, outputPorts} from '../session/ports.js'
import {createSession, runSession} from '../session/session.js'
import type {SessionSettings} from '../session/session-settings.js'
import {toFloat32} from '../session/to-float32.js'

export interface EvaluateRequest {
  readonly path: string
  readonly settings: SessionSettings
  readonly data: DataSpec
  readonly batch: number
  readonly outputName: string | undefined
}

/** The output itself went ahead in parts. */
export interface EvaluateReply {
  /** `[samples, ...]` */
  readonly shape: readonly number[]
  readonly labels: Float64Array | undefined
  readonly samples: number
  readonly notes: readonly string[]
}

/** Elements collected before a part is sent: large enough that messages cost nothing, small enough to hold. */
const PART_ELEMENTS = 262_144

/** Runs every sample through the model and sends one output on, in parts: memory is bounded by a batch. */
export async function evaluate(request: EvaluateRequest, context: TaskContext): Promise<EvaluateReply> {
  const session = await createSession(request.path, request.settings)
  const output = chooseOutput(session, request.outputName)
  const source = await openSource(
    {kind: 'data', spec: request.data},
    inputPorts(session, request.settings.dims),
    request.batch,
  )
  const parts = new PartSender(context)
  let samples = 0
  let rowShape: readonly number[] | undefined
  for await (const {feeds, size, fed} of source.batches()) {
    const results = await runSession(session, feeds, [output], request.path)
    const tensor = results[output] as Tensor
    const [rows, ...rest] = tensor.dims
    if (rows !== fed) throw notPerSample(output, tensor.dims, fed)
    rowShape = sameShape(output, rowShape, rest)
    await parts.add(toFloat32(tensor).subarray(0, size * elementCount(rest)))
    samples += size
    context.progress(samples, source.total)
  }
  await parts.flush()
  const shape = [samples, ...(rowShape ?? [])]
  return {shape, labels: source.labels, samples, notes: source.notes}
}

function chooseOutput(session: InferenceSession, wanted: string | undefined): string {
  const names = outputPorts(session).map((port) => port.name)
  const name = wanted ?? names[0]
  if (name === undefined) throw new UnsupportedError('the model has no output that is a tensor of numbers')
  if (names.includes(name)) return name
  throw new UsageError(`--output-name ${name}: the model has no such output`, {
    hint: `Its outputs: ${names.join(', ')}`,
  })
}

function notPerSample(output: string, dims: readonly number[], size: number): UnsupportedError {
  return new UnsupportedError(
    `output '${output}': expected one row per sample, ${size} in this batch, got shape [${dims.join(',')}]`,
    {hint: 'Choose another output with --output-name'},
  )
}

function sameShape(output: string, before: readonly number[] | undefined, now: readonly number[]): readonly number[] {
  if (!before || before.join() === now.join()) return now
  const message = `output '${output}': expected rows of one shape, got [${before.join(',')}] and then [${now.join(',')}]`
  throw new DataError(message, {hint: 'Give samples of one length or size'})
}

/** Collects rows into parts worth a message. */
class PartSender {
  #buffer = new Float32Array(PART_ELEMENTS)
  #used = 0

  constructor(private readonly context: TaskContext) {}

  async add(rows: Float32Array): Promise<void> {
    for (let start = 0; start < rows.length; ) {
      const count = Math.min(rows.length - start, PART_ELEMENTS - this.#used)
      this.#buffer.set(rows.subarray(start, start + count), this.#used)
      this.#used += count
      start += count
      if (this.#used === PART_ELEMENTS) await this.flush()
    }
  }

  async flush(): Promise<void> {
    if (this.#used === 0) return
    await this.context.part(this.#buffer.slice(0, this.#used))
    this.#used = 0
  }
}
