import type {Attribute} from '../../src/ir/attribute.js'
import type {Graph} from '../../src/ir/graph.js'
import type {Node} from '../../src/ir/node.js'
import type {ValueType} from '../../src/ir/types.js'
import type {Value} from '../../src/ir/value.js'

/**
 * A graph as text, one line per input, constant, node and output, subgraphs indented.
 * `y: float32[N, 10] = Gemm(x, w, b) {transB: 1}`
 */
export function printGraph(graph: Graph): string {
  return linesOf(graph).join('\n')
}

function linesOf(graph: Graph): string[] {
  return [
    ...graph.inputs.map((value) => `input ${described(value)}`),
    ...graph.constants().map((value) => `constant ${described(value)}`),
    ...graph.nodes().flatMap(nodeLines),
    ...graph.outputs.map((value) => `output ${value.name}`),
  ]
}

function nodeLines(node: Node): string[] {
  const outputs = node.outputs.map((value) => (value ? described(value) : '_')).join(', ')
  const inputs = node.inputs.map((value) => value?.name ?? '_').join(', ')
  const operator = node.domain ? `${node.domain}.${node.opType}` : node.opType
  const attributes = [...node.attributes].map(([name, value]) => `${name}: ${attributeText(value)}`)
  const line = `${outputs} = ${operator}(${inputs})${attributes.length > 0 ? ` {${attributes.join(', ')}}` : ''}`
  return [line, ...node.subgraphs.flatMap((graph) => linesOf(graph).map((inner) => `  ${inner}`))]
}

function described(value: Value): string {
  return value.type ? `${value.name}: ${printType(value.type)}` : value.name
}

/** `float32[N, 3, ?]`; `[...]` for an unknown rank, `?` for an unknown element type. */
export function printType(type: ValueType | undefined): string {
  if (!type) return '?'
  switch (type.kind) {
    case 'tensor':
      return `${type.dtype ?? '?'}${type.shape ? `[${type.shape.map((size) => size ?? '?').join(', ')}]` : '[...]'}`
    case 'sparse':
      return `sparse ${printType({...type, kind: 'tensor'})}`
    case 'map':
      return `map(${type.key ?? '?'}, ${printType(type.value)})`
    case 'opaque':
      return `opaque(${type.domain}.${type.name})`
    default:
      return `${type.kind}(${printType(type.element)})`
  }
}

function attributeText(attribute: Attribute): string {
  switch (attribute.type) {
    case 'string':
      return JSON.stringify(Buffer.from(attribute.value).toString('utf8'))
    case 'strings':
      return `[${attribute.value.map((text) => JSON.stringify(Buffer.from(text).toString('utf8'))).join(', ')}]`
    case 'ints':
    case 'floats':
      return `[${attribute.value.join(', ')}]`
    case 'tensor':
      return printType({kind: 'tensor', dtype: attribute.value.dtype, shape: attribute.value.shape})
    case 'int':
    case 'float':
      return `${attribute.value}`
    default:
      return attribute.type
  }
}
