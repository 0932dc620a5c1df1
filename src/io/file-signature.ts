interface Signature {
  readonly bytes: string
  readonly offset?: number
  readonly kind: string
  readonly hint?: string
}

const EXPORT_HINT = 'Export it to ONNX first'

/** Files that people pass by mistake, known by their first bytes (latin-1). */
const SIGNATURES: readonly Signature[] = [
  {bytes: '\x89PNG', kind: 'a PNG image'},
  {bytes: '\xff\xd8\xff', kind: 'a JPEG image'},
  {bytes: 'PK\x03\x04', kind: 'a zip archive (a PyTorch checkpoint is one)', hint: 'Use torch.onnx.export first'},
  {bytes: '\x1f\x8b', kind: 'a gzip archive', hint: 'Unpack it first'},
  {bytes: '\x89HDF', kind: 'an HDF5 file (Keras)', hint: EXPORT_HINT},
  {bytes: 'TFL3', offset: 4, kind: 'a TensorFlow Lite model', hint: EXPORT_HINT},
  {bytes: 'ORTM', offset: 4, kind: 'a model in the ORT format', hint: 'Pass the ONNX file it was made from'},
  {bytes: 'version https://git-lfs', kind: 'a Git LFS pointer', hint: 'Fetch the file itself with git lfs pull'},
  {bytes: '<', kind: 'a web page or an XML file', hint: 'Download the file itself'},
  {bytes: '{', kind: 'a JSON file'},
]

/** What a file that is no ONNX model looks like, for the error message; undefined when nothing is recognized. */
export function fileKind(start: Uint8Array): {kind: string; hint: string} | undefined {
  const text = Buffer.from(start.subarray(0, 64)).toString('latin1')
  const match = SIGNATURES.find(({bytes, offset = 0}) => text.startsWith(bytes, offset))
  return match && {kind: match.kind, hint: match.hint ?? 'Pass an ONNX file'}
}
