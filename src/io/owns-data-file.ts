import {dataPathOf} from './check-output.js'
import {openModel} from './open-model.js'

/** Whether the model at a path keeps weights in the data file of the name mopt gives it, so that the two belong together. */
export async function ownsDataFile(modelPath: string): Promise<boolean> {
  try {
    const {files, close} = await openModel(modelPath)
    close()
    return files.includes(dataPathOf(modelPath))
  } catch {
    // no file, no model or a broken pair: nothing that could be told
    return false
  }
}
