/** What a layer does, by its arithmetic. `[id|word]` is a term of the catalog. */
export const explainEn = {
  'explain.title': 'What this layer does',
  'explain.unit': 'This unit',
  'explain.hide': 'Hide the explanation',
  'explain.show': 'Explain',
  'explain.input':
    'The picture as the network receives it: {shape} numbers, one map a [channel|channel], after [normalization|normalization].',
  'explain.sum.window':
    'A [convolution|convolution]: each of {maps} [kernel|{maps|kernel|kernels}] of {size} slides over {channels} [channel|{channels|channel|channels}] of {source} with [stride|stride] {stride} and [padding|padding] {padding}, and writes one [feature-map|feature map] of {output}. The same [weight|weights] are used at every place, so {params} [parameter|{params|parameter|parameters}] do for {values} {values|value|values}.',
  'explain.sum.groups':
    'A grouped [convolution|convolution]: each of {maps} [kernel|{maps|kernel|kernels}] of {size} slides over {channels} [channel|{channels|channel|channels}] of {source}, those of its own group alone, with [stride|stride] {stride} and [padding|padding] {padding}. The same [weight|weights] are used at every place.',
  'explain.sum.partial':
    'A partly connected [convolution|convolution]: each of {maps} [kernel|{maps|kernel|kernels}] of {size} slides over some of the {channels} [channel|{channels|channel|channels}] of {source} alone, as its table tells, with [stride|stride] {stride} and [padding|padding] {padding}: {params} [parameter|{params|parameter|parameters}].',
  'explain.sum.unshared':
    'A [convolution|convolution] whose [weight|weights] are not shared: windows of {size} on {source}, with [stride|stride] {stride} and [padding|padding] {padding}, and kernels of its own at every place, so that {values} {values|value|values} take {params} [parameter|{params|parameter|parameters}].',
  'explain.sum.own':
    'Subsampling: the sum of each window of {size} on a map of {source}, with [stride|stride] {stride}, times a learned number of that map, plus a [bias|bias]: {params} [parameter|{params|parameter|parameters}] for {maps} {maps|map|maps}.',
  'explain.sum.places':
    'Each value is a weighted sum of values of {source} at certain places: the maps change from {before} to {output}.',
  'explain.sum.dense':
    'A [dense-layer|dense layer]: each of {maps} [unit|{maps|unit|units}] is a weighted sum of all {inputs} {inputs|value|values} of {source}, with a [weight|weight] for each and one [bias|bias]: {params} [parameter|{params|parameter|parameters}].',
  'explain.pick':
    'Max [pooling|pooling]: each window of {size} on {source} becomes its largest value, with [stride|stride] {stride}. The maps shrink from {before} to {output}; it has no [parameter|parameters], and a pattern that moves a little gives the same value.',
  'explain.pick.bins':
    'Pyramid [pooling|pooling]: the maps of {source}, {before}, are divided into bins on several levels, and each bin becomes its largest value: {values} numbers, whatever the size of the maps.',
  'explain.pick.global':
    'Global max [pooling|pooling]: each map of {source}, {before}, becomes its largest value alone.',
  'explain.mean':
    'Average [pooling|pooling]: each window of {size} on {source} becomes its mean, with [stride|stride] {stride}. The maps shrink from {before} to {output}; it has no [parameter|parameters].',
  'explain.mean.global': 'Global average [pooling|pooling]: each map of {source}, {before}, becomes its mean alone.',
  'explain.function':
    'An [activation|activation] function, y = {formula}, applied to each of {values} {values|value|values} by itself. Without one, two layers in a row could do no more than a single weighted sum.',
  'explain.normalize.batch':
    '[batch-norm|Batch norm]: each [channel|channel] of {source} is shifted and scaled by its mean and variance in training, then by two learned numbers: {params} [parameter|parameters] for {maps} channels.',
  'explain.normalize.layer':
    'Layer norm: all {count} {count|value|values} of {source} are shifted and scaled together by their own mean and variance in this picture, the same way in training and after, then by learned numbers: {params} [parameter|{params|parameter|parameters}].',
  'explain.normalize.place':
    'Layer norm: at each place of {source} the {count} [channel|{count|channel|channels}] are shifted and scaled together by their own mean and variance in this picture, the same way in training and after, then each by two learned numbers: {params} [parameter|{params|parameter|parameters}].',
  'explain.normalize.axes':
    'Layer norm: {count} {count|value|values} of {source} at a time, along its last axes, are shifted and scaled by their own mean and variance in this picture, the same way in training and after, then by learned numbers.',
  'explain.normalize.group':
    'Group norm: the {maps} [channel|{maps|channel|channels}] of {source} form {groups} {groups|group|groups}. The {count} {count|value|values} of a group are shifted and scaled together by their own mean and variance in this picture, the same way in training and after, then each channel by two learned numbers: {params} [parameter|{params|parameter|parameters}].',
  'explain.normalize.instance':
    'Instance norm: each [channel|channel] of {source} is shifted and scaled by the mean and variance of its own {count} {count|value|values} in this picture, the same way in training and after, then by two learned numbers: {params} [parameter|{params|parameter|parameters}] for {maps} {maps|channel|channels}.',
  'explain.share':
    '[softmax|Softmax]: the {maps} [logit|logits] of {source} become probabilities that sum to 1; the largest logit becomes the likeliest [class|class].',
  'explain.share.log': 'The logarithm of a [softmax|softmax] over the {maps} [logit|logits] of {source}.',
  'explain.join':
    'The maps of {count} branches are added, value by value: {source}. What passes unchanged beside other layers keeps the [gradient|gradient] large.',
  'explain.join.product': 'The maps of {count} branches are multiplied, value by value: {source}.',
  'explain.join.largest':
    'The largest of several maps of {source}, value by value: of {count} linear {count|function|functions} the one that is above the others.',
  'explain.copy':
    'The numbers of {source} pass unchanged; in training [dropout|dropout] makes some of them zero, so that no [unit|unit] relies on a single other one.',
  'explain.copy.reshaped': '[flatten|Flatten]: the same {values} numbers as in {source}, in another shape.',
  'explain.copy.stacked': 'The maps of its inputs, one after the other: {maps} in all.',
  'explain.unknown': 'What this operator computes is not explained; what it reads and gives is shown.',
  'explain.unit.sum':
    'It adds {terms} products and the [bias|bias] {bias}: {value}. It sees {field} pixels of the input, its [receptive-field|receptive field].',
  'explain.unit.pick': 'The largest of its window is {value}, at ({y}, {x}).',
  'explain.unit.mean': 'The sum of its window ÷ {divisor} is {value}.',
  'explain.unit.function': 'From {input} it makes {value}.',
  'explain.unit.normalize': 'Its channel has mean {mean} and variance {variance}: {input} becomes {value}.',
  'explain.unit.normalize.own':
    'The {count} {count|value|values} that it is normalized with have mean {mean} and variance {variance}: {input} becomes {value}.',
  'explain.unit.share': 'Its share of the exponentials is {value}.',
  'explain.unit.join': 'Its {count} inputs add up to {value}.',
  'explain.unit.join.product': 'The product of its {count} inputs is {value}.',
  'explain.unit.join.largest': 'The largest of its {count} {count|value|values} is {value}.',
  'explain.unit.copy': 'It is {value}, as it was.',

  'term.comma': ', ',
  'term.show': 'Show it here',
  'term.learn': 'Explain in Learn',
  'term.elsewhere': 'It can be seen {places}.',
  'term.at.overview': 'in the overview',
  'term.at.layer': 'in a layer',
  'term.at.pixel': 'at a pixel',
  'term.at.train': 'on Train',
  'term.at.compare': 'on Compare',
  'keys.explain': 'explanation on or off',
} as const;
