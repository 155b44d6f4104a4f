import type { explainEn } from './explain.en';

export const explainZh: Record<keyof typeof explainEn, string> = {
  'explain.title': '这一层做什么',
  'explain.unit': '这个单元',
  'explain.hide': '收起说明',
  'explain.show': '说明',
  'explain.input': '网络收到的图像：{shape} 个数，每个[channel|通道]一张特征图，已做[normalization|标准化]。',
  'explain.sum.window':
    '[convolution|卷积]：{maps} 个 {size} 的[kernel|卷积核]在 {source} 的 {channels} 个[channel|通道]上滑动，[stride|步幅] {stride}，[padding|填充] {padding}，每个写出一张 {output} 的[feature-map|特征图]。每个位置用同样的[weight|权重]，因此 {params} 个[parameter|参数]就够算出 {values} 个值。',
  'explain.sum.groups':
    '分组[convolution|卷积]：{maps} 个 {size} 的[kernel|卷积核]只在 {source} 中本组的 {channels} 个[channel|通道]上滑动，[stride|步幅] {stride}，[padding|填充] {padding}。每个位置用同样的[weight|权重]。',
  'explain.sum.partial':
    '部分连接的[convolution|卷积]：{maps} 个 {size} 的[kernel|卷积核]各按连接表只在 {source} 的 {channels} 个[channel|通道]中的一部分上滑动，[stride|步幅] {stride}，[padding|填充] {padding}，共 {params} 个[parameter|参数]。',
  'explain.sum.unshared':
    '不共享[weight|权重]的[convolution|卷积]：在 {source} 上取 {size} 的窗口，[stride|步幅] {stride}，[padding|填充] {padding}，每个位置各有自己的卷积核，因此 {values} 个值用了 {params} 个[parameter|参数]。',
  'explain.sum.own':
    '下采样：{source} 每张特征图上 {size} 窗口之和（[stride|步幅] {stride}）乘以该图学得的一个数，再加[bias|偏置]；{maps} 张图共 {params} 个[parameter|参数]。',
  'explain.sum.places': '每个值是 {source} 某些位置的值的加权和：特征图由 {before} 变为 {output}。',
  'explain.sum.dense':
    '[dense-layer|全连接层]：{maps} 个[unit|神经元]各是 {source} 全部 {inputs} 个值的加权和，每个值有一个[weight|权重]，另加一个[bias|偏置]，共 {params} 个[parameter|参数]。',
  'explain.pick':
    '最大[pooling|池化]：{source} 上每个 {size} 的窗口变成其中的最大值，[stride|步幅] {stride}。特征图由 {before} 缩小为 {output}；它没有[parameter|参数]，图案略微移动时值不变。',
  'explain.pick.bins':
    '金字塔[pooling|池化]：{source} 的 {before} 特征图按几个层级分成网格，每格只留下最大值；无论特征图多大，都得到 {values} 个数。',
  'explain.pick.global': '全局最大[pooling|池化]：{source} 的每张 {before} 特征图只留下最大值。',
  'explain.mean':
    '平均[pooling|池化]：{source} 上每个 {size} 的窗口变成其平均值，[stride|步幅] {stride}。特征图由 {before} 缩小为 {output}；它没有[parameter|参数]。',
  'explain.mean.global': '全局平均[pooling|池化]：{source} 的每张 {before} 特征图只留下平均值。',
  'explain.function':
    '[activation|激活]函数 y = {formula}，对 {values} 个值逐个计算。没有它，相连的两层不过等于一个加权和。',
  'explain.normalize.batch':
    '[batch-norm|批标准化]：{source} 的每个[channel|通道]先按训练时的均值与方差平移、缩放，再用学得的两个数调整：{maps} 个通道共 {params} 个[parameter|参数]。',
  'explain.normalize.layer':
    '层标准化：{source} 的全部 {count} 个值按它们在这幅图像中的均值与方差一起平移、缩放，训练时与训练后相同，再用学得的数调整，共 {params} 个[parameter|参数]。',
  'explain.normalize.place':
    '层标准化：在 {source} 的每个位置，{count} 个[channel|通道]的值按它们在这幅图像中的均值与方差一起平移、缩放，训练时与训练后相同，再各用学得的两个数调整，共 {params} 个[parameter|参数]。',
  'explain.normalize.axes':
    '层标准化：{source} 沿最后几个轴每 {count} 个值为一组，按它们在这幅图像中的均值与方差平移、缩放，训练时与训练后相同，再用学得的数调整。',
  'explain.normalize.group':
    '组标准化：{source} 的 {maps} 个[channel|通道]分成 {groups} 组，每组的 {count} 个值按它们在这幅图像中的均值与方差一起平移、缩放，训练时与训练后相同，再对每个通道用学得的两个数调整，共 {params} 个[parameter|参数]。',
  'explain.normalize.instance':
    '实例标准化：{source} 的每个[channel|通道]按自己的 {count} 个值在这幅图像中的均值与方差平移、缩放，训练时与训练后相同，再用学得的两个数调整：{maps} 个通道共 {params} 个[parameter|参数]。',
  'explain.share':
    '[softmax|softmax]：{source} 的 {maps} 个 [logit|logit] 变成总和为 1 的概率；最大的 logit 对应最可能的[class|类别]。',
  'explain.share.log': '对 {source} 的 {maps} 个 [logit|logit] 做 [softmax|softmax] 后取对数。',
  'explain.join': '{count} 个分支的特征图逐值相加：{source}。绕过其他层直接传递的值使[gradient|梯度]不致变小。',
  'explain.join.product': '{count} 个分支的特征图逐值相乘：{source}。',
  'explain.join.largest': '{source} 的 {count} 张特征图逐值取最大：{count} 个线性函数中最高的一个。',
  'explain.copy':
    '{source} 的数原样通过；训练时[dropout|随机失活]使其中一些变为零，使任何[unit|神经元]都不依赖单独一个。',
  'explain.copy.reshaped': '[flatten|展平]：与 {source} 相同的 {values} 个数，换了形状。',
  'explain.copy.stacked': '把各输入的特征图依次排在一起，共 {maps} 张。',
  'explain.unknown': '这个算子如何计算没有说明，这里显示它读入和给出的值。',
  'explain.unit.sum':
    '它把 {terms} 个乘积与[bias|偏置] {bias} 相加：{value}。它看到输入的 {field} 个像素，即其[receptive-field|感受野]。',
  'explain.unit.pick': '窗口中的最大值是 {value}，位于 ({y}, {x})。',
  'explain.unit.mean': '窗口之和除以 {divisor} 得 {value}。',
  'explain.unit.function': '由 {input} 得到 {value}。',
  'explain.unit.normalize': '所在通道均值 {mean}，方差 {variance}：{input} 变为 {value}。',
  'explain.unit.normalize.own': '与它一起标准化的 {count} 个值均值 {mean}，方差 {variance}：{input} 变为 {value}。',
  'explain.unit.share': '它占各指数之和的 {value}。',
  'explain.unit.join': '它的 {count} 个输入之和为 {value}。',
  'explain.unit.join.product': '它的 {count} 个输入之积为 {value}。',
  'explain.unit.join.largest': '它的 {count} 个值中最大的是 {value}。',
  'explain.unit.copy': '值为 {value}，没有变化。',

  'term.comma': '、',
  'term.show': '在此处指出',
  'term.learn': '在“学习”中讲解',
  'term.elsewhere': '可以{places}看到。',
  'term.at.overview': '在总览中',
  'term.at.layer': '在某一层中',
  'term.at.pixel': '在某个像素处',
  'term.at.train': '在“训练”界面',
  'term.at.compare': '在“比较”界面',
  'keys.explain': '显示或收起说明',
};
