import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {fixedTransforms} from '../../fixed-transforms.js'
import {matchesNode} from '../../selection.js'
import {tooSmallForIntegers} from '../dynamic/dynamic-matmul.js'
import {whyFloat32} from '../float16/float16-compute.js'
import {epsilonNodes} from '../float16/float16-epsilon.js'
import type {WeightType} from '../numbers/weight-type.js'
import {floatStem} from './float-stem.js'
import {FORMS, type Form, WRITERS, type Writer, weightTypeOf, writerOf} from './form.js'
import {type IntegerSpans, integerSpans} from './integer-spans.js'
import type {Choice, Edit, Plan, Wish} from './plan.js'
import {sequenceProducts} from './sequence-products.js'
import {ladderOf, type Rung, streamingNode, type Target} from './target.js'
import {whyNot} from './why-not.js'

type DType = WeightType['dtype']

const LONE = 'depthwise, with a float operator behind it: float is as fast'
const SHARED = 'it reads a weight that others read as integers'

/**
 * Decides what becomes of every node of a prepared graph: all rules are here and in what it asks. An edit goes before the rules, and a
 * form that a node cannot have is not taken.
 *
 * @param edits the first that matches a node holds.
 */
export function decide(graph: Graph, target: Target, edits: readonly Edit[] = []): Plan {
  return new Decider(graph, target, edits).plan()
}

/** The edit that holds for a node. */
export function editOf(node: Node, edits: readonly Edit[]): Edit | undefined {
  return edits.find(({match}) => {
    if ('pattern' in match) return matchesNode(node, match.pattern)
    return 'op' in match ? match.op === node.opType : match.nodes.has(node.name)
  })
}

class Decider {
  readonly #choices = new Map<Node, Choice>()
  readonly #edits: ReadonlyMap<Node, Edit>
  readonly #ladder: readonly Rung[]
  readonly #isStreaming: boolean
  /** Rules that keep a node from a rung, or from all, with the reason. */
  readonly #kept: ReadonlyMap<Node, string>
  readonly #notStatic = new Map<Node, string>()
  readonly #stem: ReadonlyMap<Node, string>

  constructor(
    private readonly graph: Graph,
    private readonly target: Target,
    edits: readonly Edit[],
  ) {
    const edited = graph.allNodes().flatMap((node) => {
      const edit = editOf(node, edits)
      return edit ? [[node, edit] as const] : []
    })
    this.#edits = new Map(edited)
    this.#isStreaming = streamingNode(graph, target) !== undefined
    this.#ladder = ladderOf(target, this.#isStreaming)
    this.#kept = fixedTransforms(graph)
    if (target.mode !== 'static') for (const [node, why] of sequenceProducts(graph)) this.#notStatic.set(node, why)
    this.#stem = this.#stemNodes()
  }

  plan(): Plan {
    const nodes = this.graph.allNodes()
    if (this.target.mode === 'float16' && this.target.provider !== 'cpu') {
      this.#computeHalves(nodes)
      return {choices: this.#choices, spans: this.#spans()}
    }
    for (const node of nodes) this.#choose(node)
    const spans = this.#settle()
    this.#follow(spans)
    this.#share()
    if (this.target.rest === 'float16') this.#computeHalves(nodes)
    const inOrder = nodes.flatMap((node) => {
      const choice = this.#choices.get(node)
      return choice ? [[node, choice] as const] : []
    })
    return {choices: new Map(inOrder), spans}
  }

  /** The first layers that stay float: by rule, but for those that an edit wants otherwise, or as an edit says. */
  #stemNodes(): Map<Node, string> {
    const byRule = [...floatStem(this.graph, this.target.sizeOf)].filter(([node]) => !this.#isForced(node))
    const wished = [...this.#edits].filter(([, {to, isStem}]) => to === 'stem' || isStem === true)
    return new Map([...byRule, ...wished.map(([node, {because}]) => [node, because] as const)])
  }

  /** Whether an edit asks for integers, however slow. */
  #isForced(node: Node): boolean {
    const to = this.#edits.get(node)?.to
    if (to === undefined) return false
    return isForm(to) ? INTEGER_WRITERS.has(writerOf(to)) : INTEGERS.has(to)
  }

  #choose(node: Node): void {
    const edit = this.#edits.get(node)
    const could = this.#couldBe(node)
    const reasons: string[] = []
    const form = this.#formOf(node, edit, could, reasons)
    const isStem = this.#stem.has(node)
    if (form === undefined && !isStem) return
    const [first = this.#stem.get(node) ?? WRITERS[writerOf(form ?? 'float')]] = reasons
    const isRefused = form === 'float' && INTEGERS.has(edit?.to)
    const because = edit && !isRefused ? edit.because : first
    this.#choices.set(node, {node, form: form ?? 'float', because, could, ...(isStem && {isStem})})
  }

  /** @returns undefined for a node that no form is for. */
  #formOf(node: Node, edit: Edit | undefined, could: readonly Form[], reasons: string[]): Form | undefined {
    const type = this.#typeOf(edit)
    let isConcerned = false
    for (const rung of this.#ladderFor(edit)) {
      const reason = whyNot(rung, type, node, this.target)
      if (reason === null) continue
      isConcerned = true
      const refused = reason ?? this.#rule(rung, node)
      if (refused === undefined) return rung === 'float16' ? 'float16' : (`${rung}-${type}` as Form)
      reasons.push(refused)
    }
    if (edit && isForm(edit.to) && could.length > 0) return could.includes(edit.to) ? edit.to : 'float'
    return isConcerned ? 'float' : undefined
  }

  #typeOf(edit: Edit | undefined): DType {
    const to = edit?.to
    return to === 'int8' || to === 'uint8' ? to : this.target.weights
  }

  /** The rungs that an edit leaves; none where it names a form. */
  #ladderFor(edit: Edit | undefined): readonly Rung[] {
    const to = edit?.to
    if (to !== undefined && isForm(to)) return []
    if (this.#isStreaming) return INTEGERS.has(to) ? ['stored'] : this.#ladder
    if (to === 'not static') return this.#ladder.filter((rung) => rung !== 'static')
    if (to === 'stored') return this.#ladder.filter((rung) => rung !== 'static' && rung !== 'dynamic')
    return this.#ladder
  }

  /** The reason why a form that a node could have is not wanted of it. */
  #rule(rung: Rung, node: Node): string | undefined {
    if (this.#isForced(node)) return undefined
    if (this.#kept.has(node) && (rung !== 'float16' || this.#isStreaming)) return this.#kept.get(node)
    if (rung === 'static') return this.#stem.get(node) ?? this.#notStatic.get(node)
    const {mode, sizeOf} = this.target
    const isProduct = rung === 'dynamic' && node.opType !== 'LSTM'
    return isProduct && mode !== 'dynamic' ? tooSmallForIntegers(node, sizeOf) : undefined
  }

  /** All forms a node could have, whatever the mode. */
  #couldBe(node: Node): Form[] {
    const {hasRanges, format} = this.target
    const rungs = new Set<Writer>(this.#ladder)
    const isOpen = (form: Form) => {
      const writer = writerOf(form)
      if (writer === 'static') return hasRanges
      return writer !== 'blocks' || format === 'ort'
    }
    const found = FORMS.filter((form) => {
      const writer = writerOf(form)
      if (!RUNGS.has(writer) || !isOpen(form)) return false
      if (writer === 'table' && !rungs.has('table')) return false
      return whyNot(writer as Rung, weightTypeOf(form)?.dtype ?? 'int8', node, this.target) === undefined
    })
    return found.length > 0 ? [...found, 'float'] : []
  }

  /** Where integers run; a depthwise convolution that would stand alone takes the next form. */
  #settle(): IntegerSpans {
    for (;;) {
      const spans = this.#spans()
      if (spans.lone.length === 0) return spans
      for (const node of spans.lone) {
        this.#notStatic.set(node, LONE)
        this.#choose(node)
      }
    }
  }

  #spans(): IntegerSpans {
    const isStatic = (node: Node) => {
      const form = this.#choices.get(node)?.form
      return form !== undefined && writerOf(form) === 'static'
    }
    const mayFollow = (node: Node) => MAY_FOLLOW.has(this.#edits.get(node)?.to)
    const isStem = (node: Node) => this.#stem.has(node)
    const isForced = (node: Node) => this.#isForced(node)
    return integerSpans(this.graph, {specOf: this.target.specOf, isStatic, mayFollow, isStem, isForced})
  }

  /** What runs on integers with the layers around it. */
  #follow({integer, compute, absorbed}: IntegerSpans): void {
    const could = ['integer', 'float'] as const
    for (const node of integer) {
      if (compute.has(node)) continue
      this.#choices.set(node, {node, form: 'integer', because: 'between layers on integers', could})
    }
    for (const node of absorbed.values()) {
      const because = 'the quantizer saturates where it would'
      this.#choices.set(node, {node, form: 'absorbed', because, could: ['absorbed', 'float']})
    }
  }

  /** What reads a weight with others, as the product behind tied embeddings does, reads the same integers. */
  #share(): void {
    for (const {node, form} of [...this.#choices.values()]) {
      if (!SHARING.has(writerOf(form))) continue
      for (const weight of node.inputs) {
        if (!weight?.constant || weight.isOutput || weight.constant.shape.length < 2) continue
        for (const reader of weight.consumers) this.#shareWith(reader, form)
      }
    }
  }

  #shareWith(node: Node, shared: Form): void {
    if (this.#choices.has(node) || !maySharePlan(this.#edits.get(node))) return
    // it reads the whole table, not rows of it
    const form = shared.replace(/^table-/, 'stored-') as Form
    this.#choices.set(node, {node, form, because: SHARED, could: [form, 'float']})
  }

  /** float16 arithmetic: every node but those that cannot or must not. Weights that are integers by now stay so. */
  #computeHalves(nodes: readonly Node[]): void {
    const epsilons = epsilonNodes(this.graph)
    for (const node of nodes) {
      if (node.subgraphs.length > 0 || !concernsFloats(node)) continue
      const [edit, known] = [this.#edits.get(node), this.#choices.get(node)]
      const hard = whyFloat32(node)
      const wished = edit?.to === 'float' ? edit.because : undefined
      const reason = hard ?? wished ?? this.target.beyondFloat16?.get(node) ?? epsilons.get(node)
      if (known && weightTypeOf(known.form)) {
        if (reason !== undefined) {
          const because = `${known.because}; float32 arithmetic: ${reason}`
          this.#choices.set(node, {...known, because, wide: reason})
        }
        continue
      }
      const floats: Form[] = hard === undefined ? ['float16', 'float'] : ['float']
      const could = [...(known?.could ?? []).filter((form) => weightTypeOf(form)), ...floats]
      const because = reason ?? 'float16 arithmetic'
      this.#choices.set(node, {node, form: reason === undefined ? 'float16' : 'float', because, could})
    }
  }
}

/** Whether a node reads or gives anything that may be a float. */
function concernsFloats({inputs, outputs}: Node): boolean {
  const values = [...inputs, ...outputs].filter((value) => value !== undefined)
  return values.some(({type}) => type?.kind !== 'tensor' || /^(b?float|undefined)/.test(`${type.dtype}`))
}

const RUNGS: ReadonlySet<Writer> = new Set(['static', 'dynamic', 'table', 'blocks', 'stored', 'float16'])
const INTEGER_WRITERS: ReadonlySet<Writer> = new Set(['static', 'dynamic', 'table', 'blocks'])
const SHARING: ReadonlySet<Writer> = new Set(['table', 'stored'])
/** Wishes for integers, however slow. */
const INTEGERS: ReadonlySet<Wish | undefined> = new Set(['integers', 'int8', 'uint8'] as const)
/** Wishes that do not keep a node without a weight from running on integers. */
const MAY_FOLLOW: ReadonlySet<Wish | undefined> = new Set<Wish | undefined>([
  ...[undefined, 'integers', 'int8', 'uint8', 'integer', 'absorbed', 'stored', 'stem', 'static-int8', 'static-uint8'],
] as (Wish | undefined)[])
const ALL_FORMS: ReadonlySet<string> = new Set(FORMS)

function isForm(wish: Wish): wish is Form {
  return ALL_FORMS.has(wish)
}

/** Whether a node may read integers that others read: not if it is to stay in float. */
function maySharePlan(edit: Edit | undefined): boolean {
  return edit === undefined || (edit.to !== 'float' && edit.to !== 'float16')
}
