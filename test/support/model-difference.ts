import onnxProto from 'onnx-proto'
import {readForeign} from './foreign-model.js'

/** The last IR version that onnx-proto knows all fields of. */
const ONNX_PROTO_MAX_IR = 8n

type Tree = Readonly<Record<string, unknown>>

/**
 * The first place where two model files differ, as two readers see them that are not ours: onnx-buf (IR 13), and onnx-proto
 * up to IR 8. Every field counts, those they do not know included. One thing may differ, because the format gives it no meaning:
 * where in the list of nodes a Constant stands.
 *
 * @returns undefined when there is no difference.
 */
export function modelDifference(before: Uint8Array, after: Uint8Array): string | undefined {
  const [first, second] = [readForeign(before), readForeign(after)]
  const difference = differenceOf(first, second, 'model')
  if (difference || first.irVersion > ONNX_PROTO_MAX_IR) return difference
  return differenceOf(readOld(before), readOld(after), 'onnx-proto: model')
}

function readOld(bytes: Uint8Array): Tree {
  return onnxProto.onnx.ModelProto.toObject(onnxProto.onnx.ModelProto.decode(bytes), {longs: String})
}

function differenceOf(a: unknown, b: unknown, path: string): string | undefined {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return Buffer.compare(a, b) === 0 ? undefined : `${path}: ${a.length} bytes differ from ${b.length}`
  }
  if (Array.isArray(a) && Array.isArray(b)) return listDifference(a, b, path)
  if (isTree(a) && isTree(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const difference = differenceOf(a[key], b[key], `${path}.${key}`)
      if (difference) return difference
    }
    return undefined
  }
  return Object.is(a, b) ? undefined : `${path}: ${shown(a)} became ${shown(b)}`
}

function listDifference(before: readonly unknown[], after: readonly unknown[], path: string): string | undefined {
  if (before.length !== after.length) return `${path}: ${before.length} entries became ${after.length}`
  const [a, b] = path.endsWith('.node') ? [constantsFirst(before), constantsFirst(after)] : [before, after]
  for (let index = 0; index < a.length; index++) {
    const difference = differenceOf(a[index], b[index], `${path}[${index}]`)
    if (difference) return difference
  }
  return undefined
}

/** Constants in the order of their output's name, then all other nodes in the order of the file. */
function constantsFirst(nodes: readonly unknown[]): unknown[] {
  const nameOf = (node: unknown): string => (isTree(node) && Array.isArray(node.output) ? String(node.output[0]) : '')
  const isConstant = (node: unknown): boolean => isTree(node) && node.opType === 'Constant'
  const constants = nodes.filter(isConstant).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  return [...constants, ...nodes.filter((node) => !isConstant(node))]
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value, noBigints) ?? 'nothing')
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}

function noBigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}
