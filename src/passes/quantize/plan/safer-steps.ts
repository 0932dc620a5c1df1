import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {isDepthwise} from '../kernels/is-depthwise.js'
import {layersBeforeOutputs} from '../static/before-outputs.js'
import {hasPackedWeight, type Writer, writerOf} from './form.js'
import type {Choice, Edit, Plan, Wish} from './plan.js'
import {weightCount} from './safer-forms.js'

/** A change of a plan towards forms that keep more. */
export interface SaferStep {
  /** For people: `the last layers before the outputs in float`. */
  readonly what: string
  readonly edits: readonly Edit[]
  /** Weights that share a scale, where it is not what the options say. */
  readonly blockSize?: number
  /** Whether weights get another size than was asked for by name. */
  readonly isOtherSize?: boolean
}

const BECAUSE = 'on integers the answers of the float model were not kept'

/** What makes an error relative to the largest value one of the smallest. */
const SENSITIVE: ReadonlySet<string> = new Set([
  ...['Log', 'Pow', 'Sqrt', 'Exp', 'Div', 'Reciprocal', 'LayerNormalization', 'InstanceNormalization'],
  ...['GroupNormalization', 'SimplifiedLayerNormalization', 'MeanVarianceNormalization', 'LpNormalization'],
])
const ON_INTEGERS: ReadonlySet<Writer> = new Set(['static', 'dynamic'] as const)

/**
 * Steps from integer arithmetic to float, each holding those before, in the order in which they cost speed: of six pretrained models the
 * last stage and the first quarter of the layers kept five, integer weights alone the sixth.
 *
 * @param mayEndFloat whether float arithmetic everywhere is among them: not where integers were asked for by name.
 */
export function saferArithmetic(graph: Graph, plan: Plan, mayEndFloat: boolean): SaferStep[] {
  const layers = [...plan.choices.values()].filter(({form}) => ON_INTEGERS.has(writerOf(form))).map(({node}) => node)
  const isLayer = (node: Node) => layers.includes(node)
  const share = (part: number) =>
    layers.filter(({graph: own}) => own === graph).slice(0, Math.ceil(layers.length * part))
  const parts: readonly (readonly [what: string, nodes: readonly Node[]])[] = [
    ['the last layers before the outputs', layersBeforeOutputs(graph, isLayer)],
    ['the first quarter of the layers', share(1 / 4)],
    ['what feeds logarithms, powers and normalizations', layers.filter((node) => feedsSensitive(node, isLayer))],
    ['depthwise convolutions', layers.filter(isDepthwise)],
    ['the first half of the layers', share(1 / 2)],
    ...(mayEndFloat ? [['all layers', layers] as const] : []),
  ]
  return cumulative(parts, 'stored')
}

/** The last step of all: weights as halves, which lose next to nothing. */
export function halfWeights({choices}: Plan): SaferStep[] {
  const names = [...choices.values()].flatMap(({node, could}) => (could.includes('float16') ? [node.name] : []))
  if (names.length === 0) return []
  return [
    {what: 'all weights in 16 bits', edits: [{match: {nodes: new Set(names)}, to: 'float16', because: BECAUSE_OF_8}]},
  ]
}

const BECAUSE_OF_8 = 'in 8 bits the answers of the float model were not kept'

function feedsSensitive(node: Node, isLayer: (node: Node) => boolean): boolean {
  const readers = new Set(node.outputs.flatMap((value) => value?.consumers ?? []))
  for (const reader of readers) {
    if (SENSITIVE.has(reader.opType)) return true
    if (isLayer(reader)) continue
    for (const value of reader.outputs) for (const next of value?.consumers ?? []) readers.add(next)
  }
  return false
}

/** Each step with the nodes of all before; those that add nothing are left out. */
function cumulative(parts: readonly (readonly [what: string, nodes: readonly Node[]])[], to: Wish): SaferStep[] {
  const names = new Set<string>()
  const whats: string[] = []
  return parts.flatMap(([what, nodes]) => {
    const before = names.size
    for (const {name} of nodes) names.add(name)
    if (names.size === before) return []
    whats.push(what)
    const isAll = what === 'all layers'
    const edits = [{match: {nodes: new Set(names)}, to, because: BECAUSE}]
    return [{what: `${isAll ? what : listOf(whats)} in float`, edits}]
  })
}

function listOf(whats: readonly string[]): string {
  return whats.length < 2 ? whats.join('') : `${whats.slice(0, -1).join(', ')} and ${whats.at(-1)}`
}

/** Shares of the parameters, those of the smallest layers, that get 8 bits. */
const SHARES = [0.05, 0.125, 0.25, 0.4, 0.5]
const FINE_BLOCK = 16
const COARSE = 'in 4 bits the answers of the float model were not kept'

/**
 * Steps from 4-bit weights to 8 bits, each some bytes more: the smallest layers in 8 bits, finer blocks, all in 8 bits. Zero points are
 * none of them: the scales of either sign that weights are rounded to do the same for fewer bytes.
 *
 * @param blockSize of the plan.
 */
export function saferWeights(plan: Plan, blockSize: number): SaferStep[] {
  const packed = [...plan.choices.values()].filter(({form}) => hasPackedWeight(form))
  if (packed.length === 0) return []
  const inEightBits = (choices: readonly Choice[]): Edit[] =>
    (['stored', 'blocks'] as const).flatMap((writer) => {
      const names = choices.filter(({form}) => writerOf(form) === writer).map(({node}) => node.name)
      return names.length > 0 ? [{match: {nodes: new Set(names)}, to: `${writer}-int8` as const, because: COARSE}] : []
    })
  const steps = SHARES.map((share) => [share, smallest(packed, share)] as const).filter(([, {length}], i, all) => {
    return length > (i === 0 ? 0 : (all[i - 1]?.[1].length ?? 0))
  })
  const named = steps.map(([share, choices]) => {
    const layers = choices.length === 1 ? 'the smallest layer' : `the ${choices.length} smallest layers`
    return {what: `${layers}, ${100 * share} % of the weights at most, in 8 bits`, edits: inEightBits(choices)}
  })
  const last = named.at(-1) ?? {what: 'as they are', edits: []}
  const finer = {...last, what: `blocks of ${FINE_BLOCK}, ${last.what}`, blockSize: FINE_BLOCK}
  return [
    ...named,
    ...(blockSize > FINE_BLOCK ? [finer] : []),
    {what: 'all weights in 8 bits', edits: inEightBits(packed), isOtherSize: true},
  ]
}

/** The smallest layers, as many as hold a share of all weights. */
function smallest(choices: readonly Choice[], share: number): Choice[] {
  const bySize = [...choices].sort((a, b) => weightCount(a.node) - weightCount(b.node))
  let left = share * bySize.reduce((sum, {node}) => sum + weightCount(node), 0)
  return bySize.filter(({node}) => {
    left -= weightCount(node)
    return left >= 0
  })
}
