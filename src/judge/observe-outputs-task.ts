import type {Kept, KindMeasure} from '../metrics/kinds/kind-measure.js'
import type {OutputKind} from '../results.js'
import type {ObservedOutput, ObservedRun, Observer} from '../runtime/compare/output-observer.js'
import {batchFirst} from './batch-first.js'
import {DetectorMeasures} from './detector-measures.js'
import {kindOf, type RecognizedKind, type SeenOutput} from './kind-of.js'
import {measureOf} from './measure-of.js'
import type {ModelFacts} from './output-facts.js'
import type {WantedKinds} from './wanted-kinds.js'
import {withoutMasked} from './without-masked.js'

/** What the child is told. */
export interface ObserveInput {
  readonly facts: ModelFacts
  readonly wanted: WantedKinds
}

/** What it says of an output. */
export interface ObservedKind extends RecognizedKind {
  readonly name: string
  readonly kept: Kept
  /** What is odd about the reference's numbers on these inputs, if anything. */
  readonly isFlat: string | undefined
}

/** Judges outputs by what they mean, in the child process that runs both models. What they mean is decided on the first batch. */
export function observe(input: unknown): Observer {
  return new OutputObserver(input as ObserveInput)
}

class OutputObserver implements Observer {
  readonly #judged = new Map<string, Judged>()
  #detectors: DetectorMeasures | undefined

  constructor(private readonly input: ObserveInput) {}

  add(given: readonly ObservedOutput[], run: ObservedRun): void {
    if (given.length === 0) return
    const outputs = given.map((output) => this.#laid(output))
    if (this.#judged.size === 0) this.#recognize(outputs, run)
    this.#detectors?.add(outputs, run.size)
    for (const output of outputs) this.#judged.get(output.name)?.add(output, run)
  }

  result(): ObservedKind[] {
    return [...this.#judged].map(([name, judged]) => {
      const kept = this.#detectors?.keptOf(name) ?? judged.kept()
      return {name, ...judged.recognized, kept, isFlat: judged.isFlat()}
    })
  }

  #laid(output: ObservedOutput): ObservedOutput {
    const {axes} = this.input.facts
    const axis = Object.hasOwn(axes, output.name) ? (axes[output.name] as number) : 0
    const [own, theirs] = [
      batchFirst({data: output.reference, dims: output.dims}, axis),
      batchFirst({data: output.other, dims: output.otherDims}, axis),
    ]
    return {...output, reference: own.data, dims: own.dims, other: theirs.data, otherDims: theirs.dims}
  }

  #recognize(outputs: readonly ObservedOutput[], run: ObservedRun): void {
    const {facts, wanted} = this.input
    const seen = outputs.flatMap(({name, dtype, dims, reference}): SeenOutput[] => {
      const own = facts.outputs.find((output) => output.name === name)
      return own ? [{facts: own, dtype, dims, axis: axisOf(facts, name, dims, run), values: reference}] : []
    })
    const inputs = new Map([...run.inputs].map(([name, {dims}]) => [name, dims]))
    const ids = idShapes(facts, inputs)
    const around = {outputs: seen, vocabularies: facts.vocabularies, ids, inputs}
    const kinds = new Map<string, OutputKind>()
    for (const output of seen) {
      const {name} = output.facts
      const told = Object.hasOwn(wanted, name) ? wanted[name] : undefined
      const recognized = told ? {kind: told.kind, because: '--output-kind says so'} : kindOf(output, around)
      kinds.set(name, recognized.kind)
      this.#judged.set(name, new Judged(recognized, measureOf(recognized.kind, output, told?.threshold)))
    }
    this.#detectors = new DetectorMeasures(seen, kinds, wanted)
  }
}

/** One output with its kind. */
class Judged {
  #least = Number.POSITIVE_INFINITY
  #most = Number.NEGATIVE_INFINITY

  constructor(
    readonly recognized: RecognizedKind,
    private readonly measure: KindMeasure,
  ) {}

  add(output: ObservedOutput, run: ObservedRun): void {
    for (const value of output.reference) {
      if (value < this.#least) this.#least = value
      if (value > this.#most) this.#most = value
    }
    const {reference, other, dims, otherDims} = output
    const isEqual = dims.join() === otherDims.join()
    // lists of different length can only be held against each other element by element
    if (isEqual || this.recognized.kind === 'integers' || this.recognized.kind === 'strings') {
      this.measure.add(withoutMasked({reference, other, dims}, this.recognized.kind, run))
    }
  }

  kept(): Kept {
    return this.measure.result()
  }

  /** Whether the reference hardly says anything: made-up inputs may be none that it knows. */
  isFlat(): string | undefined {
    const [least, most] = [this.#least, this.#most]
    if (!(most >= least)) return undefined
    if (most === least) return `always ${Number(most.toPrecision(3))}`
    if (this.recognized.kind !== 'scores' && this.recognized.kind !== 'mask') return undefined
    if (least >= 0 && most < 0.01) return `nowhere above ${most.toPrecision(1)}`
    return least > 0.99 && most <= 1 ? 'everywhere above 0.99' : undefined
  }
}

/** The first, where inference says that it counts samples, or where it is as long as the batch. */
function axisOf({axes}: ModelFacts, name: string, dims: readonly number[], {size}: ObservedRun): number | undefined {
  if (Object.hasOwn(axes, name)) return 0
  return dims[0] === size ? 0 : undefined
}

function idShapes({ids}: ModelFacts, inputs: ReadonlyMap<string, readonly number[]>): (readonly number[])[] {
  return ids.flatMap((name) => {
    const shape = inputs.get(name)
    return shape ? [shape] : []
  })
}
