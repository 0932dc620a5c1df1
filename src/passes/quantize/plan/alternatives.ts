import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {tooSmallForIntegers} from '../dynamic/dynamic-matmul.js'
import type {SizeOf} from '../kernels/free-dims.js'
import {isDepthwise} from '../kernels/is-depthwise.js'
import {floatPrefixes} from './float-prefix.js'
import {floatStem} from './float-stem.js'
import type {Edit, Wish} from './plan.js'
import {sequenceProducts} from './sequence-products.js'

/** What `--tune` may choose against the rules. */
export interface Tuning {
  readonly edits: readonly Edit[]
  /** SiLU on integers only, where the rules write it as one float kernel. */
  readonly integerSilu?: boolean
}

export interface Alternative extends Tuning {
  readonly name: string
}

/** Something that rules can't settle on every machine, and the other answers there are. */
export interface Question {
  readonly title: string
  readonly alternatives: readonly Alternative[]
}

/** What the alternatives depend on. */
export interface TuningContext {
  /** Whether there are samples to take ranges from. */
  readonly isStatic: boolean
  readonly sizeOf: SizeOf
}

/** Places between layers that are worth a try: farther on integers win everywhere. */
const LAST_PREFIX = 7
/** M·K·N from which integers gain on every processor. */
const LARGE_PRODUCT = 2_000_000

const BY_TIMING = 'by --tune, which timed it'
const WEIGHTED: ReadonlySet<string> = new Set(['Conv', 'Gemm', 'MatMul'])

/** The questions a prepared graph raises, before it is quantized. */
export function tuningQuestions(graph: Graph, context: TuningContext): Question[] {
  const asked = context.isStatic ? staticQuestions(graph, context) : dynamicQuestions(graph, context)
  return asked.filter(({alternatives}) => alternatives.length > 0)
}

function staticQuestions(graph: Graph, {sizeOf}: TuningContext): Question[] {
  const nodes = graph.nodes()
  const has = (type: string) => nodes.some(({opType}) => opType === type)
  const weighted = nodes.filter(({opType}) => WEIGHTED.has(opType))
  return [
    {title: 'first layers', alternatives: has('Conv') ? prefixes(graph, sizeOf) : []},
    {
      title: 'SiLU',
      alternatives: has('Sigmoid') ? [{name: 'on integers', edits: [], integerSilu: true}] : [],
    },
    {title: 'depthwise convolutions', alternatives: alternative('float', nodes.filter(isDepthwise), 'stored')},
    {title: 'last layer', alternatives: alternative('float', weighted.slice(-1), 'stored')},
    {title: 'MatMuls of sequences', alternatives: alternative('static', sequencesOf(graph), 'integers')},
    {title: 'the whole model', alternatives: alternative('not static', weighted, 'not static')},
  ]
}

function sequencesOf(graph: Graph): readonly Node[] {
  return [...sequenceProducts(graph).keys()]
}

/** The beginnings that could stay float: none, or up to a place between layers. */
function prefixes(graph: Graph, sizeOf: SizeOf): Alternative[] {
  const places = floatPrefixes(graph).slice(0, LAST_PREFIX)
  const byRule = [...floatStem(graph, sizeOf).keys()]
  const onIntegers = editOf(byRule, 'integers')
  return [
    {name: 'on integers', edits: onIntegers},
    ...places.map(({nodes}, i) => ({
      name: `float, to place ${i + 1} between layers`,
      edits: [...editOf(nodes, 'stem'), ...onIntegers],
    })),
  ]
}

function dynamicQuestions(graph: Graph, {sizeOf}: TuningContext): Question[] {
  const nodes = graph.allNodes()
  const products = nodes.filter(({opType, domain}) => domain === '' && (opType === 'MatMul' || opType === 'Gemm'))
  const small = products.filter((node) => tooSmallForIntegers(node, sizeOf, LARGE_PRODUCT) !== undefined)
  const recurrent = nodes.filter(({opType, domain}) => domain === '' && opType === 'LSTM')
  return [
    {
      title: 'products',
      alternatives: [
        ...alternative('all on integers', products, 'integers'),
        ...alternative('large ones on integers', small, 'stored'),
      ],
    },
    {title: 'LSTM', alternatives: alternative('float', recurrent, 'stored')},
  ]
}

function alternative(name: string, nodes: readonly Node[], to: Wish): Alternative[] {
  return nodes.length > 0 ? [{name, edits: editOf(nodes, to)}] : []
}

function editOf(nodes: readonly Node[], to: Wish): Edit[] {
  return nodes.length > 0 ? [{match: {nodes: new Set(nodes.map(({name}) => name))}, to, because: BY_TIMING}] : []
}
