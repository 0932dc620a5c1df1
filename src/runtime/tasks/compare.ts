import type {InferenceSession, Tensor} from 'onnxruntime-node'
import {ModelError} from '../../errors.js'
import {Difference, type OutputDifference, type Tolerance} from '../difference.js'
import {type FeedBatch, firstFeeds, openSource} from '../feeds.js'
import type {InputPlan} from '../plan-inputs.js'
import {inputPorts, outputPorts} from '../ports.js'
import type {TaskContext} from '../protocol.js'
import {createSession, runSession} from '../session.js'
import type {InputSource, SessionSettings} from '../session-settings.js'
import {toFloat32} from '../to-float32.js'
import {peakRssBytes} from './peak-memory.js'

export interface CompareRequest {
  readonly referencePath: string
  readonly candidatePath: string
  readonly settings: SessionSettings
  readonly source: InputSource
  readonly batch: number
  /** What `outside` counts by. */
  readonly tolerance?: Tolerance | undefined
  /** Synthetic inputs of other sizes to compare on as well; those that the reference cannot run are left out. */
  readonly variants?: readonly (readonly InputPlan[])[] | undefined
  /** Synthetic inputs to compare on instead when the reference cannot run those of the source, the first it can run. */
  readonly fallbacks?: readonly (readonly InputPlan[])[] | undefined
  /** How the candidate is loaded, where that is not how the reference is. */
  readonly candidateSettings?: SessionSettings | undefined
  /** Names of outputs that are not compared, such as those that depend on random numbers. */
  readonly leaveOut?: readonly string[] | undefined
}

/** An output of two models. */
export interface ComparedOutput extends OutputDifference {
  readonly name: string
  /** Where the shapes differ, the first two that do: its elements are not compared then. */
  readonly shapes?: {readonly expected: readonly number[]; readonly got: readonly number[]} | undefined
}

/** How far one model's outputs are from another's, over all outputs and samples, and for each output. */
export interface OutputsComparison extends OutputDifference {
  readonly inputs: 'data' | 'synthetic'
  readonly outputs: readonly ComparedOutput[]
  readonly samples: number
  /** The first plan of synthetic inputs that the reference could run; undefined for data. */
  readonly plan: readonly InputPlan[] | undefined
  readonly peakRssBytes: number
}

/** Feeds both models the same batches and adds up the differences; nothing grows with the number of samples. */
export async function compare(request: CompareRequest, context: TaskContext): Promise<OutputsComparison> {
  const {settings, source} = request
  const reference = await createSession(request.referencePath, settings)
  const candidate = await createSession(request.candidatePath, request.candidateSettings ?? settings)
  const names = commonOutputs(reference, candidate)
  const differences = new Map(names.map((name) => [name, new OutputPair(request.tolerance)]))
  const left = new Set(request.leaveOut)
  const sessions = [reference, candidate] as const
  const {samples, plan} =
    source.kind === 'data'
      ? {samples: await addSource(sessions, request, source, differences, context), plan: undefined}
      : await addPlans(sessions, request, source.plan, differences)
  const compared = [...differences].filter(([name]) => !left.has(name))
  const all = new Difference()
  for (const [, {difference}] of compared) all.merge(difference)
  const outputs = compared.map(([name, pair]) => ({name, ...pair.result()}))
  return {...all.result(), inputs: source.kind, outputs, samples, plan, peakRssBytes: peakRssBytes()}
}

/** What is known of one output so far. */
class OutputPair {
  readonly difference: Difference
  #shapes: ComparedOutput['shapes']

  constructor(tolerance: Tolerance | undefined) {
    this.difference = new Difference(tolerance)
  }

  /** @param size rows that are samples. */
  add(expected: Tensor, actual: Tensor, size: number): void {
    if (expected.dims.join() !== actual.dims.join()) {
      this.#shapes ??= {expected: expected.dims, got: actual.dims}
      return
    }
    const [shape, kept] = withoutPadding(expected.dims, size)
    this.difference.add(toFloat32(expected).subarray(0, kept), toFloat32(actual).subarray(0, kept), shape)
  }

  result(): Omit<ComparedOutput, 'name'> {
    return {...this.difference.result(), ...(this.#shapes && {shapes: this.#shapes})}
  }
}

type Sessions = readonly [reference: InferenceSession, candidate: InferenceSession]

/** @returns how many samples were compared. */
async function addSource(
  sessions: Sessions,
  request: CompareRequest,
  source: InputSource,
  differences: ReadonlyMap<string, OutputPair>,
  context?: TaskContext,
): Promise<number> {
  const opened = await openSource(source, inputPorts(sessions[0], request.settings.dims), request.batch)
  let samples = 0
  for await (const batch of opened.batches()) {
    await addBatch(sessions, request, batch, differences)
    samples += batch.size
    context?.progress(samples, opened.total)
  }
  return samples
}

/** All variants that the reference can run, or the first fallback. @throws what it says to the planned inputs when it can run none. */
async function addPlans(
  sessions: Sessions,
  request: CompareRequest,
  planned: readonly InputPlan[],
  differences: ReadonlyMap<string, OutputPair>,
): Promise<{samples: number; plan: readonly InputPlan[] | undefined}> {
  const made = request.source.kind === 'synthetic' ? request.source : undefined
  const {variants = [], fallbacks = []} = request
  const failures: unknown[] = []
  let samples = 0
  let first: readonly InputPlan[] | undefined
  for (const [index, plan] of [planned, ...variants, ...fallbacks].entries()) {
    if (first && index > variants.length) break
    const source = {kind: 'synthetic', seed: 0, ...made, plan} as const
    const failure = await failureOf(sessions[0], request, source, [...differences.keys()])
    if (failure !== undefined) failures.push(failure)
    else {
      samples += await addSource(sessions, request, source, differences)
      first ??= plan
    }
  }
  if (!first) throw failures[0]
  return {samples, plan: first}
}

/** Why the reference cannot run on inputs that were made up: nothing says that it can. */
async function failureOf(
  reference: InferenceSession,
  request: CompareRequest,
  source: InputSource,
  outputs: readonly string[],
): Promise<unknown> {
  try {
    const feeds = await firstFeeds(source, inputPorts(reference, request.settings.dims), 1)
    await runSession(reference, feeds, outputs, request.referencePath)
    return undefined
  } catch (error) {
    return error
  }
}

async function addBatch(
  [reference, candidate]: Sessions,
  {referencePath, candidatePath}: CompareRequest,
  {feeds, size}: FeedBatch,
  differences: ReadonlyMap<string, OutputPair>,
): Promise<void> {
  const names = [...differences.keys()]
  const expected = await runSession(reference, feeds, names, referencePath)
  const actual = await runSession(candidate, feeds, names, candidatePath)
  for (const [name, pair] of differences) pair.add(expected[name] as Tensor, actual[name] as Tensor, size)
}

/** Rows that only fill up a fixed batch do not count; an output without a row per sample counts whole. */
function withoutPadding(dims: readonly number[], size: number): [shape: readonly number[], elements: number] {
  const [rows, ...rest] = dims
  const shape = rows !== undefined && rows > size ? [size, ...rest] : dims
  return [shape, shape.reduce((product, length) => product * length, 1)]
}

function commonOutputs(reference: InferenceSession, candidate: InferenceSession): string[] {
  const names = outputPorts(reference).map((port) => port.name)
  const others = new Set(outputPorts(candidate).map((port) => port.name))
  const missing = names.find((name) => !others.has(name))
  if (missing === undefined) return names
  throw new ModelError(`the other model has no output '${missing}'`, {hint: `It has: ${[...others].join(', ')}`})
}
