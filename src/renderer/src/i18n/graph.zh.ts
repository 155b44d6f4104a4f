import type { graphEn } from './graph.en';

export const graphZh: Record<keyof typeof graphEn, string> = {
  'graph.view': '绘制方式',
  'graph.view.maps': '特征图',
  'graph.view.graph': '计算图',
  'graph.title': '自上而下的网络计算图',
  'graph.input': '输入',
  'graph.repeats': '{count} 个相同的块',
  'graph.boxes': '{count} 个节点',
  'graph.box': '{name}，{what}，{shape}',
  'graph.unfold': '展开 {name}，{what}',
  'graph.fold': '折叠 {name}',
  'graph.placing': '正在布局计算图',
  'graph.refused': '此网络无法计算，仅显示其计算图：{reason}',
  'graph.cancel': '取消',

  'node.title': '节点',
  'node.attributes': '属性',
  'node.inputs': '输入',
  'node.outputs': '输出',
  'node.weights': '权重',
  'node.goTo': '转到 {name}',
  'node.function': '文件自带的函数。',
  'node.custom': '{domain} 的自定义算子，含义未知。',
  'node.scalar': '单个数',
  'node.range': '{min} 到 {max}，均值 {mean}，标准差 {deviation}',
};
