import type {Fidelity, OutputFidelity, OutputKind} from '../results.js'
import type {ComparedOutput, OutputsComparison} from '../runtime/compare/compare-task.js'
import {floorOf} from './floors.js'
import type {ObservedKind} from './observe-outputs-task.js'

/** Kinds that are numbers: what is kept of them can be told on inputs that were made up, decisions cannot. */
const NUMBERS: ReadonlySet<OutputKind> = new Set(['regression', 'embedding', 'state'])

/** What a comparison comes to: each output by its kind, and the worst of them. */
export function fidelityOf(
  {inputs, outputs, notCompared, samples}: OutputsComparison,
  observed: readonly ObservedKind[],
  against: Fidelity['against'],
): Fidelity {
  const kinds = new Map(observed.map((kind) => [kind.name, kind]))
  const judged = outputs.map((output) => outputFidelity(output, kinds.get(output.name), inputs))
  const worst = judged.reduce<OutputFidelity | undefined>(
    (most, one) => (most && !isWorse(one, most) ? most : one),
    undefined,
  )
  const values = judged.flatMap(({value}) => value ?? [])
  return {
    maxAbs: worst?.maxAbs ?? null,
    cosine: worst?.cosine ?? null,
    sqnrDb: worst?.sqnrDb ?? null,
    agreement: inputs === 'data' && values.length > 0 ? Math.min(...values) : null,
    ...{inputs, against, worst: worst?.name ?? null, samples},
    outputs: [...judged, ...notCompared.map(notFetched)],
  }
}

function outputFidelity(
  output: ComparedOutput,
  kind: ObservedKind | undefined,
  inputs: Fidelity['inputs'],
): OutputFidelity {
  const {name, maxAbs, cosine, sqnrDb} = output
  const plain = {name, maxAbs, cosine, sqnrDb}
  if (!kind) return {...plain, ...UNKNOWN, reason: whyNot(output)}
  const {measure, value, reason = null, details} = kept(output, kind)
  const floor = floorOf(kind.kind, measure, kind.isGuess === true)
  const known = {...plain, kind: kind.kind, because: kind.because, measure, floor}
  const isMadeUp = inputs === 'synthetic' && !NUMBERS.has(kind.kind)
  if (inputs === 'synthetic' && kind.isFlat !== undefined) {
    const reason = `made-up inputs leave it ${kind.isFlat}`
    return {...known, value: null, reason, reasonCode: 'FLAT_OUTPUT', details: {}}
  }
  return isMadeUp
    ? {...known, value: null, reason: 'the inputs were made up', reasonCode: 'MADE_UP_INPUTS', details: {}}
    : {...known, value, reason, details}
}

const UNKNOWN = {kind: null, because: '', measure: null, value: null, floor: null, details: {}}

/** Equal numbers keep everything, also what a measure could not tell; other shapes nothing that a measure did not see. */
function kept({maxAbs, shapes, leftOut}: ComparedOutput, {kept: seen, kind}: ObservedKind): ObservedKind['kept'] {
  const hasOtherShape = shapes !== undefined && kind !== 'integers' && kind !== 'strings'
  if (hasOtherShape) return {...seen, value: 0, reason: 'its shape differs'}
  return seen.value === null && maxAbs === 0 && leftOut === 0 ? {...seen, value: 1} : seen
}

function whyNot({leftOut}: ComparedOutput): string {
  return leftOut > 0
    ? `its ${leftOut} samples fill no whole batch, and nothing says which of its axes counts samples`
    : 'nothing was compared'
}

function notFetched(name: string): OutputFidelity {
  const nothing = {maxAbs: null, cosine: null, sqnrDb: null}
  return {name, ...nothing, ...UNKNOWN, reason: 'not compared: it is no tensor, or depends on random numbers'}
}

/** By what is lost; among equals, and where nothing was judged, by the noise. */
function isWorse(one: OutputFidelity, other: OutputFidelity): boolean {
  const [own, theirs] = [one, other].map(({value}) => value ?? Number.POSITIVE_INFINITY) as [number, number]
  return own === theirs ? noise(one) > noise(other) : own < theirs
}

function noise({maxAbs, sqnrDb}: OutputFidelity): number {
  if (maxAbs === null) return Number.POSITIVE_INFINITY
  return maxAbs === 0 ? Number.NEGATIVE_INFINITY : -(sqnrDb ?? Number.NEGATIVE_INFINITY)
}
