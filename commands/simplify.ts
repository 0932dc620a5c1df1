import {BaseCommand} from '../src/cli/base-command.js'
import {flagsOf} from '../src/cli/flags-of.js'
import {modelArg} from '../src/cli/model-arg.js'
import {optionsOf} from '../src/cli/options-of.js'
import {simplifySummary} from '../src/cli/simplify-summary.js'
import {simplifyOptions} from '../src/options/simplify.js'
import {simplify} from '../src/pipelines/simplify/simplify.js'
import type {SimplifyResult} from '../src/results.js'

export default class Simplify extends BaseCommand {
  static override summary = 'make the graph of a model smaller: the same outputs from fewer nodes'
  static override description =
    `Folds constants, removes what does nothing or is there twice, fuses what belongs together.
The written model is run beside its input on several inputs; if an output differs, nothing is written and the rule to
blame is named. With --input-shape or --dim, the sizes become part of the model and what depends on them is folded.`
  static override usage = 'simplify MODEL [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> fixtures/models/bert_spam.onnx -o /tmp/',
    '<%= config.bin %> <%= command.id %> fixtures/models/bert_spam.onnx --dry-run --opset 17',
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx -o /tmp/ --input-shape input=1,1,28,28 --skip fuse-gemm',
  ]
  static override args = {model: modelArg}
  static override flags = flagsOf(simplifyOptions)

  async run(): Promise<SimplifyResult> {
    const {args, flags} = await this.parse(Simplify)
    const result = await simplify(args.model, optionsOf(simplifyOptions, flags), this.effects)
    this.log(simplifySummary(result, flags.verbose === true))
    return this.finish(result)
  }
}
