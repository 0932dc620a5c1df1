import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {create, type MessageInitShape, toBinary} from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import {readForeign} from '../foreign-model.js'
import type {Box} from './boxes.js'
import {floats, largestOf, type Outputs, sigmoid} from './witness.js'

/**
 * The grid detector with its outputs in the forms that exporters give detectors: one tensor for all, logits, one class, channels first
 * and last, flattened, integers, boxes already chosen. Written by a foreign library, which adds nodes to the same trained weights.
 */

const CELLS = 144
const SIDE = 12
const CLASSES = 10
/** Values inside the detector, `[N, 144, …]` but for the last, which is `[N, 15, 12, 12]`. */
const INNER = {
  raw: '/m/Transpose_output_0',
  classes: '/m/Slice_4_output_0',
  object: '/m/Sigmoid_output_0',
  objectLogits: '/m/Slice_5_output_0',
  map: '/m/o/Conv_output_0',
} as const
const THRESHOLD = 0.3

type Node = MessageInitShape<typeof NodeProtoSchema>

export interface Variant {
  readonly nodes: readonly Node[]
  /** Constants that the nodes take. */
  readonly constants?: Readonly<Record<string, {readonly type: 'int64' | 'float'; readonly values: readonly number[]}>>
  readonly outputs: Readonly<Record<string, DataType>>
  /** The boxes of one picture, before any is suppressed. */
  readonly boxes: (outputs: Outputs) => Box[]
}

const FLOAT = DataType.FLOAT
const {INT64} = DataType
const shape = (...values: number[]) => ({type: 'int64' as const, values})
const named = (from: string, to: string): Node => ({opType: 'Identity', input: [from], output: [to]})
const reshaped = (from: string, to: string, by = 'shape'): Node => ({
  opType: 'Reshape',
  input: [from, by],
  output: [to],
})

export const VARIANTS: Readonly<Record<string, Variant>> = {
  'boxes and scores': {
    nodes: [],
    outputs: {boxes: FLOAT, scores: FLOAT},
    boxes: (outputs) => boxesOf(floats(outputs, 'boxes'), floats(outputs, 'scores')),
  },
  'one tensor': {
    nodes: [{opType: 'Concat', input: ['boxes', 'scores'], output: ['detections'], attribute: [axis(-1)]}],
    outputs: {detections: FLOAT},
    boxes: (outputs) => {
      const rows = rowsOf(floats(outputs, 'detections'), 4 + CLASSES)
      return boxesOf(joined(rows, 0, 4), joined(rows, 4, 4 + CLASSES))
    },
  },
  'raw tensor': {
    nodes: [named(INNER.raw, 'raw')],
    outputs: {raw: FLOAT},
    boxes: (outputs) => rawBoxes(rowsOf(floats(outputs, 'raw'), 15)),
  },
  'raw map': {
    nodes: [named(INNER.map, 'map')],
    outputs: {map: FLOAT},
    boxes: (outputs) => {
      const map = floats(outputs, 'map')
      return rawBoxes(
        Array.from({length: CELLS}, (_, i) => Array.from({length: 15}, (_, c) => map[c * CELLS + i] ?? 0)),
      )
    },
  },
  'one class': {
    nodes: [named(INNER.object, 'confidence')],
    outputs: {boxes: FLOAT, confidence: FLOAT},
    boxes: (outputs) => oneClass(floats(outputs, 'boxes'), floats(outputs, 'confidence')),
  },
  'one class, logits': {
    nodes: [named(INNER.objectLogits, 'classificators')],
    outputs: {boxes: FLOAT, classificators: FLOAT},
    boxes: (outputs) => oneClass(floats(outputs, 'boxes'), floats(outputs, 'classificators').map(sigmoid)),
  },
  'channels last': {
    nodes: [reshaped('scores', 'class_map'), reshaped('boxes', 'box_map', 'four')],
    constants: {shape: shape(-1, SIDE, SIDE, CLASSES), four: shape(-1, SIDE, SIDE, 4)},
    outputs: {box_map: FLOAT, class_map: FLOAT},
    boxes: (outputs) => boxesOf(floats(outputs, 'box_map'), floats(outputs, 'class_map')),
  },
  'flat rows': {
    nodes: [reshaped('scores', 'all_scores'), reshaped('boxes', 'all_boxes', 'four')],
    constants: {shape: shape(-1, CLASSES), four: shape(-1, 4)},
    outputs: {all_boxes: FLOAT, all_scores: FLOAT},
    boxes: (outputs) => boxesOf(floats(outputs, 'all_boxes'), floats(outputs, 'all_scores')),
  },
  'object mask': {
    nodes: [reshaped(INNER.object, 'mask')],
    constants: {shape: shape(-1, 1, SIDE, SIDE)},
    outputs: {mask: FLOAT},
    boxes: (outputs) => cellsOf(floats(outputs, 'mask')),
  },
  'class and best score': {
    nodes: [
      {opType: 'ArgMax', input: ['scores'], output: ['ids'], attribute: [axis(-1), number('keepdims', 0)]},
      {opType: 'ReduceMax', input: ['scores'], output: ['best'], attribute: [axes(-1), number('keepdims', 0)]},
    ],
    outputs: {boxes: FLOAT, ids: INT64, best: FLOAT},
    boxes: (outputs) => {
      const ids = Array.from((outputs.ids as Outputs[string]).data as BigInt64Array, Number)
      const best = floats(outputs, 'best')
      return strong(rowsOf(floats(outputs, 'boxes'), 4).map((corners, i) => box(corners, ids[i] ?? 0, best[i] ?? 0)))
    },
  },
  'boxes already chosen': {
    nodes: [
      {opType: 'Transpose', input: ['scores'], output: ['by_class'], attribute: [numbers('perm', [0, 2, 1])]},
      {
        opType: 'NonMaxSuppression',
        input: ['boxes', 'by_class', 'most', 'overlap', 'least'],
        output: ['selected'],
      },
    ],
    constants: {
      most: shape(50),
      overlap: {type: 'float', values: [0.5]},
      least: {type: 'float', values: [THRESHOLD]},
    },
    outputs: {boxes: FLOAT, scores: FLOAT, selected: INT64},
    boxes: (outputs) => {
      const corners = rowsOf(floats(outputs, 'boxes'), 4)
      const scores = floats(outputs, 'scores')
      const selected = Array.from((outputs.selected as Outputs[string]).data as BigInt64Array, Number)
      return rowsOf(selected, 3).map(([, label = 0, at = 0]) => {
        return box(corners[at] ?? [], label, scores[at * CLASSES + label] ?? 0)
      })
    },
  },
}

/** Writes a variant of the detector into the folder. @returns its path. */
export function writeVariant(detector: string, name: string, folder: string): string {
  const {nodes, constants = {}, outputs} = VARIANTS[name] as Variant
  const model = readForeign(readFileSync(detector))
  const graph = model.graph as NonNullable<typeof model.graph>
  graph.node.push(...nodes.map((node) => create(NodeProtoSchema, node)))
  for (const [constant, {type, values}] of Object.entries(constants)) {
    const data =
      type === 'int64'
        ? {dims: [BigInt(values.length)], dataType: INT64, int64Data: values.map(BigInt)}
        : {dims: [BigInt(values.length)], dataType: FLOAT, floatData: [...values]}
    graph.initializer.push(create(TensorProtoSchema, {name: constant, ...data}))
  }
  graph.output = Object.entries(outputs).map(([output, elemType]) => {
    const known = graph.output.find(({name}) => name === output)
    const type = {value: {case: 'tensorType' as const, value: {elemType}}}
    return known ?? create(ValueInfoProtoSchema, {name: output, type})
  })
  const path = join(folder, `${name.replace(/\W+/g, '-')}.onnx`)
  writeFileSync(path, toBinary(ModelProtoSchema, model))
  return path
}

function axis(i: number) {
  return number('axis', i)
}

function axes(...list: number[]) {
  return numbers('axes', list)
}

function number(name: string, i: number) {
  return {name, type: AttributeType.INT, i: BigInt(i)}
}

function numbers(name: string, list: readonly number[]) {
  return {name, type: AttributeType.INTS, ints: list.map(BigInt)}
}

function rowsOf(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({length: values.length / width}, (_, row) => {
    return Array.from({length: width}, (_, k) => values[row * width + k] as number)
  })
}

function joined(rows: readonly number[][], from: number, to: number): Float32Array {
  return Float32Array.from(rows.flatMap((row) => row.slice(from, to)))
}

function box(corners: readonly number[], label: number, score: number): Box {
  return {corners: corners as unknown as Box['corners'], label, score}
}

function strong(boxes: readonly Box[]): Box[] {
  return boxes.filter(({score}) => score >= THRESHOLD)
}

/** @param boxes `[144, 4]` @param scores `[144, classes]` */
function boxesOf(boxes: Float32Array, scores: Float32Array): Box[] {
  const corners = rowsOf(boxes, 4)
  const classes = scores.length / CELLS
  return strong(Array.from(scores, (score, at) => box(corners[Math.floor(at / classes)] ?? [], at % classes, score)))
}

function oneClass(boxes: Float32Array, scores: Float32Array): Box[] {
  return boxesOf(boxes, scores)
}

/** Cells of 8 × 8 pixels whose object score is high enough. */
function cellsOf(scores: Float32Array): Box[] {
  const cells = Array.from(scores, (score, at) => {
    const [left, top] = [8 * (at % SIDE), 8 * Math.floor(at / SIDE)]
    return box([left, top, left + 8, top + 8], 0, score)
  })
  return cells.filter(({score}) => score > 0.5)
}

/** Rows of 10 class logits, one object logit, two of the centre and two of the size, in any unit that both files share. */
function rawBoxes(rows: readonly number[][]): Box[] {
  const boxes = rows.map((row, at) => {
    const logits = Float32Array.from(row.slice(0, CLASSES))
    const label = largestOf(logits, CLASSES)[0] ?? 0
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - (logits[label] ?? 0)), 0)
    const [object = 0, dx = 0, dy = 0, width = 0, height = 0] = row.slice(CLASSES)
    const [x, y] = [8 * (at % SIDE) + 4 + 8 * Math.tanh(dx), 8 * Math.floor(at / SIDE) + 4 + 8 * Math.tanh(dy)]
    const [halfWidth, halfHeight] = [14 * Math.exp(width), 14 * Math.exp(height)]
    return box([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], label, sigmoid(object) / total)
  })
  return strong(boxes)
}
