import type {Node} from '../../../ir/node.js'
import {isRefusal} from '../../../ops/op-spec.js'
import {whyNotDynamicLstm} from '../dynamic/dynamic-lstm.js'
import {whyNotDynamicProduct} from '../dynamic/dynamic-matmul.js'
import {readsFloats} from '../float16/float16-storage.js'
import {whyNotInteger, whyNotStatic} from '../kernels/integer-kernels.js'
import {isPacked, WEIGHT_TYPES} from '../numbers/weight-type.js'
import {whyNotTable} from '../weights/embeddings.js'
import {whyNotBlocks} from '../weights/runtime-blocks.js'
import {whyNotStored} from '../weights/weights-only.js'
import {OPSETS, type Rung, type Target} from './target.js'

type DType = keyof typeof WEIGHT_TYPES

const IN_BODY = 'it is inside a branch or loop, whose values calibration does not see'

/** The reason why a node cannot have a form, null where the form is none for its kind of node, undefined where it can. */
export function whyNot(rung: Rung, type: DType, node: Node, target: Target): string | undefined | null {
  const isSmall = isPacked(WEIGHT_TYPES[type])
  if (isSmall && (rung === 'static' || rung === 'dynamic' || rung === 'table')) return null
  if (isSmall && rung === 'stored' && target.opset < OPSETS.packed) return `4-bit types need opset ${OPSETS.packed}`
  switch (rung) {
    case 'static':
      return whyNotStaticLayer(node, target)
    case 'dynamic':
      return whyNotDynamic(node, target)
    case 'table':
      return whyNotTable(node)
    case 'blocks':
      return whyNotBlocks(node, target.blockSize)
    case 'stored':
      return whyNotStored(node, target.specOf)
    case 'float16':
      return readsFloats(node) ? undefined : null
  }
}

function whyNotStaticLayer(node: Node, {specOf}: Target): string | undefined | null {
  const fact = specOf(node)?.quantize
  if (!fact || isRefusal(fact) || fact.as !== 'compute') return null
  return whyNotInteger(node, fact) ?? whyNotStatic(node) ?? (node.graph.parent ? IN_BODY : undefined)
}

function whyNotDynamic(node: Node, {specOf}: Target): string | undefined | null {
  if (node.domain !== '') return null
  if (node.opType === 'LSTM') return whyNotDynamicLstm(node)
  return node.opType === 'MatMul' || node.opType === 'Gemm' ? whyNotDynamicProduct(node, specOf) : null
}
