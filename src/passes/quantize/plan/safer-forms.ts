import type {Node} from '../../../ir/node.js'
import {elementCount} from '../../../ir/tensor.js'
import {type Form, hasPackedWeight, type Writer, writerOf} from './form.js'
import type {Choice, Edit, Plan} from './plan.js'

/** How far a layer is moved: to the next safer form, or to float. */
export type Level = 1 | 2

const MOVABLE: ReadonlySet<Writer> = new Set(['static', 'dynamic', 'table', 'blocks', 'stored'] as const)

/** The layers of a plan that could be in a safer form. */
export function movableLayers({choices}: Plan): Choice[] {
  return [...choices.values()].filter(({form, could}) => MOVABLE.has(writerOf(form)) && could.includes('float'))
}

/** Integer arithmetic to float with integer weights, 4 bits to 8, 8 bits to 16; at level 2 float as it was. */
export function saferForm({form, could}: Pick<Choice, 'form' | 'could'>, level: Level): Form {
  if (level === 2) return 'float'
  const writer = writerOf(form)
  const next: Form = hasPackedWeight(form)
    ? (`${writer}-int8` as Form)
    : writer === 'static' || writer === 'dynamic'
      ? 'stored-int8'
      : 'float16'
  return could.includes(next) ? next : could.includes('float16') ? 'float16' : 'float'
}

/** Moves layers to safer forms, one edit for each form. */
export function editsTo(
  layers: readonly Pick<Choice, 'node' | 'form' | 'could'>[],
  level: Level,
  because: string,
): Edit[] {
  const byForm = new Map<Form, Set<string>>()
  for (const layer of layers) {
    const to = saferForm(layer, level)
    byForm.set(to, (byForm.get(to) ?? new Set()).add(layer.node.name))
  }
  return [...byForm].map(([to, nodes]) => ({match: {nodes}, to, because}))
}

/** Elements of the constants a layer reads. */
export function weightCount({inputs}: Node): number {
  return inputs.reduce((sum, value) => sum + (value?.constant ? elementCount(value.constant.shape) : 0), 0)
}

/** Bytes of a layer's weights in float32: what a form saves is a share of them. */
export function weightBytes(node: Node): number {
  return Float32Array.BYTES_PER_ELEMENT * weightCount(node)
}
