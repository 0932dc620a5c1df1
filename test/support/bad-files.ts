import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import protos from 'onnx-proto'

const {ModelProto, TensorProto} = protos.onnx

/** Files that are named like models and are none, or lie. Each is a thing users really pass. */
export interface BadFiles {
  /** The folder they are in, empty of anything else. */
  readonly folder: string
  readonly missing: string
  readonly empty: string
  readonly image: string
  readonly text: string
  readonly half: string
  /** A tensor that says it has 2^40 elements. */
  readonly huge: string
  /** External data at `../../etc/passwd`. */
  readonly outside: string
  remove(): void
}

const PNG_START = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52)

export function makeBadFiles(): BadFiles {
  const root = mkdtempSync(join(tmpdir(), 'mopt-bad-'))
  const folder = join(root, 'models')
  mkdirSync(folder)
  const write = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const whole = readFileSync('fixtures/models/mlp_fm.onnx')
  return {
    folder,
    missing: join(folder, 'missing.onnx'),
    empty: write('empty.onnx', ''),
    image: write('image.onnx', PNG_START),
    text: write('text.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 12\n'),
    half: write('half.onnx', whole.subarray(0, whole.length / 2)),
    huge: write('huge.onnx', modelWith({dims: [2 ** 20, 2 ** 20], rawData: new Uint8Array(16)})),
    outside: write('outside.onnx', modelWith({dims: [4], ...externalAt('../../etc/passwd')})),
    remove: () => rmSync(root, {recursive: true, force: true}),
  }
}

function externalAt(location: string) {
  return {dataLocation: TensorProto.DataLocation.EXTERNAL, externalData: [{key: 'location', value: location}]}
}

/** y = Add(x, w), with the weight as given; written by an independent library, which checks nothing. */
function modelWith(weight: object): Uint8Array {
  const type = {tensorType: {elemType: TensorProto.DataType.FLOAT, shape: {dim: [{dimValue: 4}]}}}
  return ModelProto.encode({
    irVersion: 8,
    opsetImport: [{domain: '', version: 17}],
    graph: {
      name: 'g',
      node: [{opType: 'Add', input: ['x', 'w'], output: ['y']}],
      input: [{name: 'x', type}],
      output: [{name: 'y', type}],
      initializer: [{name: 'w', dataType: TensorProto.DataType.FLOAT, ...weight}],
    },
  }).finish()
}
