import {withTempFolder} from '../../src/io/with-temp-folder.js'
import {stageModel} from '../../src/io/write-model.js'
import {modelOf} from '../support/pass-trial.js'

/** A run that holds a staged model and a temporary folder, says so on stdout, and waits to be killed. */
const model = modelOf((build) => build.output(build.op('Relu', [build.input('x', [1, 4])])))
const staged = await stageModel(model, process.argv[2] as string, {force: false, externalData: 'auto'})
await withTempFolder(async (folder) => {
  process.stdout.write(`${staged.temporaryPath} ${folder}\n`)
  await new Promise((resolve) => process.stdin.resume().on('end', resolve))
})
