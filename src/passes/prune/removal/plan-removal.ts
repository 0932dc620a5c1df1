import type {SpecOf} from '../../../ops/specs-of.js'
import {disjointGroups} from '../../groups/disjoint-groups.js'
import type {Group, GroupKind} from '../../groups/group.js'
import {type GroupWeight, groupWeights} from '../../groups/group-weights.js'
import {type TiesOf, tiesOf} from '../../groups/node-ties.js'
import type {Resizing} from '../../groups/resize-groups.js'
import type {Skip} from '../../pass.js'
import {excludedBecause, matchesNode} from '../../selection.js'
import {keptCount, keptUnits, stepOf} from './kept-units.js'
import type {ModelCost, PredictCost} from './removal-cost.js'
import type {ScoreUnits} from './score-units.js'

/** What units go: channels of convolutions, neurons and recurrent units, or heads. */
export type Structure = 'channel' | 'head' | 'head-dim'

const KINDS: Readonly<Record<Structure, readonly GroupKind[]>> = {
  channel: ['channel', 'hidden unit'],
  head: ['head'],
  'head-dim': ['head-dim'],
}

export interface RemovalOptions {
  readonly structure: Structure
  readonly exclude: readonly RegExp[]
  /** Groups that are pruned although a mean is taken over their units. */
  readonly include: readonly RegExp[]
  /** Widths stay multiples of this. */
  readonly roundTo: number
}

/** A group that may lose units. */
export interface Candidate {
  readonly group: Group
  /** The node that makes its units, which it is called after. */
  readonly name: string
  readonly op: string
  readonly weights: readonly GroupWeight[]
  /** How many units go at a time. */
  readonly step: number
  /** How much each unit matters. */
  readonly scores: Float64Array
}

/** What may go, and why the rest may not. */
export interface Candidates {
  readonly candidates: readonly Candidate[]
  readonly skipped: readonly Skip[]
}

/** The groups of the structure that is wanted, with their scores. @param groups of the graph, `findGroups`. */
export async function removalCandidates(
  groups: readonly Group[],
  specOf: SpecOf,
  options: RemovalOptions,
  scoreWith: (ties: TiesOf) => ScoreUnits,
): Promise<Candidates> {
  const ties = tiesOf(specOf)
  const score = scoreWith(ties)
  const skipped: Skip[] = []
  const wanted = groups.filter(({kind}) => KINDS[options.structure].includes(kind))
  const free = wanted.filter((group) => {
    const reason = whyNot(group, options)
    if (reason !== undefined) skipped.push({...calledAfter(group, groupWeights(group, specOf, ties)), reason})
    return reason === undefined
  })
  const candidates: Candidate[] = []
  for (const group of disjointGroups(free)) {
    const weights = groupWeights(group, specOf, ties)
    const {node, op} = calledAfter(group, weights)
    const step = stepOf(group, weights, options.roundTo)
    candidates.push({group, name: node, op, weights, step, scores: await score(group)})
  }
  return {candidates, skipped}
}

function whyNot(group: Group, options: RemovalOptions): string | undefined {
  const nodes = [...group.nodes]
  const excluded = nodes.map((node) => excludedBecause(node, options)).find((reason) => reason !== undefined)
  const isIncluded = options.include.some((pattern) => nodes.some((node) => matchesNode(node, pattern)))
  if (group.blocked ?? excluded) return group.blocked ?? excluded
  if (group.size === 1) return 'all of its channels belong together'
  return group.inexact && !isIncluded ? group.inexact : undefined
}

/** The first node that makes the units. */
export function calledAfter(
  group: Group,
  weights: readonly GroupWeight[],
): {readonly node: string; readonly op: string} {
  const node = (weights.find(({role}) => role === 'writes') ?? weights[0])?.node ?? [...group.nodes][0]
  return {node: node?.name ?? '', op: node?.opType ?? ''}
}

/** The same share of every group. */
export function uniformRemoval(candidates: readonly Candidate[], sparsity: number): Resizing[] {
  return candidates.flatMap(({group, scores, step}) => {
    const count = keptCount(group.size, sparsity, step)
    return count < group.size ? [{group, kept: keptUnits(scores, count)}] : []
  })
}

/** What is to be reached: a share of what the model costs now. */
export interface RemovalTarget {
  readonly of: 'macs' | 'size'
  readonly share: number
}

/** Steps of the search for a share: widths are whole numbers, more would find the same ones. */
const BISECTIONS = 20

/**
 * The smallest share, the same for every group, at which the model costs no more than the target; as little as can be reached where that is
 * still more.
 *
 * @returns undefined where the cost cannot be told.
 */
export function removalForTarget(
  predict: PredictCost,
  candidates: readonly Candidate[],
  {of, share}: RemovalTarget,
): Resizing[] | undefined {
  const costOf = ({macs, sizeBytes}: ModelCost) => (of === 'macs' ? macs : sizeBytes)
  const whole = costOf(predict([]))
  if (whole === undefined) return undefined
  let [low, high] = [0, 1]
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2
    const cost = costOf(predict(uniformRemoval(candidates, middle))) ?? 0
    if (cost > whole * share) low = middle
    else high = middle
  }
  return uniformRemoval(candidates, high)
}
