import {BaseCommand} from '../src/cli/base-command.js'
import {flagsOf} from '../src/cli/flags-of.js'
import {modelArg} from '../src/cli/model-arg.js'
import {optionsOf} from '../src/cli/options-of.js'
import {trainingSummary} from '../src/cli/training-summary.js'
import {distillOptions} from '../src/options/training.js'
import {distill} from '../src/pipelines/train/distill.js'
import type {DistillResult} from '../src/results.js'

export default class Distill extends BaseCommand {
  static override summary = 'train a smaller model to answer like a larger one'
  static override description =
    `The student learns what the teacher gives for the samples of --data; labels, where the data has some, take part.
The student's file is left as it is; its architecture with the learned weights goes into a new one.`
  static override usage = 'distill TEACHER --student FILE --data PATH [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx --student fixtures/models/mlp_fm.onnx --reinit --epochs 30 -o /tmp/ --data fixtures/fashion-mnist/train-images-idx3-ubyte.gz --eval fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz --mean 0.286 --std 0.353',
    '<%= config.bin %> <%= command.id %> fixtures/models/bert_spam.onnx --student fixtures/models/lstm_spam.onnx -o /tmp/ --data fixtures/spam/spam_train.npz --eval fixtures/spam/spam_test.npz --epochs 5 --patience 2',
  ]
  static override args = {teacher: modelArg}
  static override flags = flagsOf(distillOptions)

  async run(): Promise<DistillResult> {
    const {args, flags} = await this.parse(Distill)
    const result = await distill(args.teacher, optionsOf(distillOptions, flags), this.effects)
    this.log(trainingSummary(result, flags.verbose === true))
    return this.finish(result)
  }
}
