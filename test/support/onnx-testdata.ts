import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {readTensor} from '../../src/io/read-tensor.js'
import type {Tensor} from '../../src/ir/tensor.js'
import {memorySource} from '../../src/proto/byte-source.js'
import {decode} from '../../src/proto/decode.js'

/** Where Debian's package libonnx-testdata puts ONNX's own operator cases; another copy can be named. */
export const ONNX_TESTDATA = process.env.ONNX_TESTDATA ?? '/usr/share/libonnx-testdata/data'

export interface StoredCase {
  readonly name: string
  readonly modelPath: string
  /** By position; undefined where the file holds no tensor (a sequence, an optional, an empty one). */
  readonly inputs: readonly (Tensor | undefined)[]
  /** The results ONNX expects, by position, likewise. */
  readonly outputs: readonly (Tensor | undefined)[]
}

/** Every case that has a model, in alphabetical order. */
export function storedCases(): StoredCase[] {
  return readdirSync(ONNX_TESTDATA)
    .sort()
    .flatMap((group) => readdirSync(join(ONNX_TESTDATA, group)).map((name) => join(ONNX_TESTDATA, group, name)))
    .filter((folder) => existsSync(join(folder, 'model.onnx')))
    .map((folder) => ({
      name: folder.slice(ONNX_TESTDATA.length + 1),
      modelPath: join(folder, 'model.onnx'),
      inputs: tensorsIn(join(folder, 'test_data_set_0'), 'input'),
      outputs: tensorsIn(join(folder, 'test_data_set_0'), 'output'),
    }))
}

function tensorsIn(folder: string, kind: 'input' | 'output'): (Tensor | undefined)[] {
  if (!existsSync(folder)) return []
  const count = readdirSync(folder).filter((name) => name.startsWith(`${kind}_`) && name.endsWith('.pb')).length
  return Array.from({length: count}, (_, index) => tensorIn(join(folder, `${kind}_${index}.pb`)))
}

function tensorIn(path: string): Tensor | undefined {
  try {
    return readTensor(decode('TensorProto', memorySource(readFileSync(path))), path)
  } catch {
    // a SequenceProto or an OptionalProto: ONNX Runtime's JavaScript interface does not take them either
    return undefined
  }
}
