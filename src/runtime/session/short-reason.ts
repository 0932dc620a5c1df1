import {stripVTControlCharacters} from 'node:util'

const LIMIT_CHARS = 240

/**
 * The part of a message of ONNX Runtime that tells a user something: without source files, C++ signatures, assertions
 * and repeated prefixes, on one line of at most 240 characters.
 */
export function shortReason(message: string): string {
  const line = stripVTControlCharacters(message)
    .replaceAll(/\s+/g, ' ')
    .replace(/^Load model from .*? failed:\s*/, '')
    .replace(/^\[ONNXRuntimeError\] : \d+ : \w+ : /, '')
    .replace(/^Load model .*? failed\. /, '')
    // "/onnxruntime_src/…/model.cc:187 onnxruntime::Model::Model(…) ModelProto does not have a graph."
    .replace(/^\/\S+\.(cc|h|cpp):\d+ .*\)(<lambda\(\)>|::operator\(\))? (const )?(?=[^)]+$)/, '')
    .replace(/^.*? was false\. /, '')
    .replace(/^Non-zero status code returned while running (\S+) node\. Name:('.*?') Status Message: /, '$1 $2: ')
    // "This is an invalid model. In Node, ("conv1", Conv, "", -1) : (…) -> (…) , Error No Op registered for …"
    .replace(/^This is an invalid model\. In Node, \("(.*?)", (\S+), .* , Error /, "$2 '$1': ")
    .replace(/ Please fix either the inputs\/outputs or the model\.$/, '')
    .trim()
  return line.length > LIMIT_CHARS ? `${line.slice(0, LIMIT_CHARS - 1)}…` : line
}
