import {BaseCommand} from '../src/cli/base-command.js'
import {flagsOf} from '../src/cli/flags-of.js'
import {modelArg} from '../src/cli/model-arg.js'
import {optionsOf} from '../src/cli/options-of.js'
import {trainingSummary} from '../src/cli/training-summary.js'
import {finetuneOptions} from '../src/options/training.js'
import {finetune} from '../src/pipelines/train/finetune.js'
import type {FinetuneResult} from '../src/results.js'

export default class Finetune extends BaseCommand {
  static override summary = 'train a model on, to win back what was lost'
  static override description =
    `Learns from the labels of --data, from a teacher, or from both. Weights that are zero stay zero.
Only the weights change: all else of the file stays as it is.`
  static override usage = 'finetune MODEL --data PATH [flags]'
  static override examples = [
    '<%= config.bin %> prune fixtures/models/mlp_fm.onnx -o /tmp/sparse.onnx --sparsity 90%',
    '<%= config.bin %> <%= command.id %> /tmp/sparse.onnx -o /tmp/ --epochs 10 --data fixtures/fashion-mnist/train-images-idx3-ubyte.gz --eval fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz --mean 0.286 --std 0.353',
    '<%= config.bin %> quantize fixtures/models/cnn_fm.onnx -o /tmp/int4.onnx --weights int4 --block-size 256',
    '<%= config.bin %> <%= command.id %> /tmp/int4.onnx --teacher fixtures/models/cnn_fm.onnx -o /tmp/ --data fixtures/fashion-mnist/train-images-idx3-ubyte.gz --eval fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz --mean 0.286 --std 0.353',
  ]
  static override args = {model: modelArg}
  static override flags = flagsOf(finetuneOptions)

  async run(): Promise<FinetuneResult> {
    const {args, flags} = await this.parse(Finetune)
    const result = await finetune(args.model, optionsOf(finetuneOptions, flags), this.effects)
    this.log(trainingSummary(result, flags.verbose === true))
    return this.finish(result)
  }
}
