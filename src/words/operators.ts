import type { Entry } from './message';

/** ONNX's operators, each in a sentence (source: the ONNX operator documentation). Functions of files and custom operators have none. */
const table = `
Abs|The absolute value of each element.|每个元素的绝对值。
Acos|The arc cosine of each element.|每个元素的反余弦。
Acosh|The inverse hyperbolic cosine of each element.|每个元素的反双曲余弦。
Add|Adds two tensors element by element; the smaller one is repeated to the larger one's shape.|两个张量逐元素相加，较小者按广播规则扩展。
Affine|Multiplies each element by alpha and adds beta.|每个元素乘以 alpha 再加 beta。
And|True where both elements are true.|两个元素均为真时为真。
ArgMax|The index of the largest element along an axis.|沿某一轴最大元素的下标。
ArgMin|The index of the smallest element along an axis.|沿某一轴最小元素的下标。
Asin|The arc sine of each element.|每个元素的反正弦。
Atan|The arc tangent of each element.|每个元素的反正切。
Attention|Scaled dot-product attention: softmax of query times key, times value.|缩放点积注意力：查询与键之积经 softmax 后乘以值。
AveragePool|The mean of each window of each map.|每张特征图各窗口内的平均值。
BatchNormalization|Normalizes each channel by a mean and a variance, then scales and shifts it.|按均值和方差标准化每个通道，再缩放和平移。
Bernoulli|Draws 0 or 1 with each element as the probability of 1.|以各元素为概率随机取 0 或 1。
BitShift|Shifts the bits of each integer to the left or right.|将每个整数按位左移或右移。
BitwiseAnd|The bits that both integers have.|两个整数按位与。
BitwiseNot|All bits of each integer inverted.|每个整数按位取反。
BitwiseOr|The bits that either integer has.|两个整数按位或。
BitwiseXor|The bits in which two integers differ.|两个整数按位异或。
Cast|Changes the element type.|转换元素类型。
CastLike|Changes the element type to that of another tensor.|将元素类型转换为另一张量的类型。
Ceil|Rounds each element up.|每个元素向上取整。
Celu|Positive elements stay, negative ones follow alpha · (exp(x ÷ alpha) − 1).|正值不变，负值为 alpha · (exp(x ÷ alpha) − 1)。
CenterCropPad|Cuts or pads each axis around its middle to a size.|以中心为准将各轴裁剪或填充到指定尺寸。
Clip|Keeps each element between a minimum and a maximum.|将每个元素限制在最小值与最大值之间。
Col2Im|Adds windows that were laid out as columns back into a picture.|将按列展开的窗口累加还原为图像。
Compress|Takes the elements or slices where a condition is true.|取出条件为真的元素或切片。
Concat|Joins tensors along an axis.|沿某一轴拼接张量。
ConcatFromSequence|Joins the tensors of a sequence along an axis.|沿某一轴拼接序列中的张量。
Constant|A fixed tensor of the file.|文件中固定的张量。
ConstantOfShape|A tensor of a given shape filled with one value.|以同一数值填充给定形状的张量。
Conv|Slides kernels over the input: each output is a weighted sum of a window over all input channels of its group.|卷积核在输入上滑动：每个输出是所在组全部输入通道的窗口加权和。
ConvInteger|A convolution of 8-bit integers with sums of 32 bits.|8 位整数的卷积，以 32 位整数求和。
ConvTranspose|The transposed convolution: each input adds its weighted kernel to the output, which is usually larger.|转置卷积：每个输入把加权的卷积核累加到输出中，输出通常更大。
Cos|The cosine of each element.|每个元素的余弦。
Cosh|The hyperbolic cosine of each element.|每个元素的双曲余弦。
CumSum|The running sum along an axis.|沿某一轴的累加和。
DFT|The discrete Fourier transform along an axis.|沿某一轴的离散傅里叶变换。
DeformConv|A convolution whose sampling points are moved by a learned offset.|采样位置带有学习得到的偏移的卷积。
DepthToSpace|Rearranges channels into blocks of rows and columns (pixel shuffle).|将通道重排为行列方块（像素重排）。
DequantizeLinear|Turns integers back into real numbers: (x − zero point) × scale.|将整数还原为实数：(x − 零点) × 缩放因子。
Det|The determinant of square matrices.|方阵的行列式。
Div|Divides two tensors element by element.|两个张量逐元素相除。
Dropout|Sets random elements to zero in training; passes everything on otherwise.|训练时随机置零部分元素，其余时候原样传递。
DynamicQuantizeLinear|Quantizes to 8 bits with a scale taken from the values themselves.|按数值自身范围量化为 8 位整数。
Einsum|Sums of products along the axes that an equation names.|按公式指定的各轴求积之和（爱因斯坦求和）。
Elu|Positive elements stay, negative ones follow alpha · (exp(x) − 1).|正值不变，负值为 alpha · (exp(x) − 1)。
Equal|True where two elements are equal.|两个元素相等时为真。
Erf|The error function of each element.|每个元素的误差函数值。
Exp|e to the power of each element.|以 e 为底的指数。
Expand|Repeats a tensor to a larger shape.|按广播规则扩展到更大的形状。
EyeLike|A matrix with ones on a diagonal.|对角线为 1 的矩阵。
Flatten|Lays all axes behind one out in a row.|将某轴之后的各轴展平。
Floor|Rounds each element down.|每个元素向下取整。
GRU|A recurrent layer with gated recurrent units.|门控循环单元的循环层。
Gather|Takes slices along an axis by their indices.|按下标沿某一轴取出切片。
GatherElements|Takes single elements along an axis by their indices.|按下标沿某一轴取出单个元素。
GatherND|Takes slices by indices over several axes.|按多轴下标取出切片。
Gelu|x times the normal distribution's probability below x.|x 乘以标准正态分布在 x 处的累积概率。
Gemm|A matrix product with an added bias: alpha · A · B + beta · C, a dense layer.|带偏置的矩阵乘积：alpha · A · B + beta · C，即全连接层。
GlobalAveragePool|The mean of each whole map.|每张特征图整体的平均值。
GlobalLpPool|The p-norm of each whole map.|每张特征图整体的 p 范数。
GlobalMaxPool|The largest element of each whole map.|每张特征图整体的最大值。
Greater|True where the first element is larger.|第一个元素较大时为真。
GreaterOrEqual|True where the first element is larger or equal.|第一个元素大于或等于第二个时为真。
GridSample|Samples the input at points that a grid gives.|按网格给出的位置对输入采样。
GroupNormalization|Normalizes groups of channels of each sample, then scales and shifts them.|按组标准化每个样本的通道，再缩放和平移。
HammingWindow|A Hamming window of a given length.|给定长度的汉明窗。
HannWindow|A Hann window of a given length.|给定长度的汉宁窗。
BlackmanWindow|A Blackman window of a given length.|给定长度的布莱克曼窗。
HardSigmoid|A sigmoid made of straight lines: alpha · x + beta, kept between 0 and 1.|分段线性的 sigmoid：alpha · x + beta，限制在 0 与 1 之间。
HardSwish|x times a sigmoid made of straight lines.|x 乘以分段线性的 sigmoid。
Hardmax|1 at the largest element along an axis, 0 elsewhere.|沿某一轴最大元素处为 1，其余为 0。
Identity|Passes the input on.|原样传递输入。
If|Runs one of two subgraphs by a condition.|按条件执行两个子图之一。
InstanceNormalization|Normalizes each map of each sample, then scales and shifts it.|标准化每个样本的每张特征图，再缩放和平移。
IsInf|True where an element is infinite.|元素为无穷时为真。
IsNaN|True where an element is not a number.|元素为 NaN 时为真。
LRN|Divides each element by a sum of squares over neighboring channels (local response normalization).|将每个元素除以相邻通道平方和的函数（局部响应标准化）。
LSTM|A recurrent layer with long short-term memory.|长短期记忆循环层。
LayerNormalization|Normalizes over the last axes of each sample, then scales and shifts.|在每个样本的末尾各轴上标准化，再缩放和平移。
LeakyRelu|Positive elements stay, negative ones are multiplied by alpha.|正值不变，负值乘以 alpha。
Less|True where the first element is smaller.|第一个元素较小时为真。
LessOrEqual|True where the first element is smaller or equal.|第一个元素小于或等于第二个时为真。
Log|The natural logarithm of each element.|每个元素的自然对数。
LogSoftmax|The logarithm of softmax along an axis.|沿某一轴的 softmax 的对数。
Loop|Runs a subgraph again and again, by a count or while a condition holds.|按次数或条件反复执行子图。
LpNormalization|Divides by the p-norm along an axis.|沿某一轴除以 p 范数。
LpPool|The p-norm of each window of each map.|每张特征图各窗口的 p 范数。
MatMul|The matrix product over the last two axes.|在最后两轴上的矩阵乘积。
MatMulInteger|A matrix product of 8-bit integers with sums of 32 bits.|8 位整数的矩阵乘积，以 32 位整数求和。
Max|The larger one of the elements at each place.|各位置元素中的最大值。
MaxPool|The largest element of each window of each map.|每张特征图各窗口内的最大值。
MaxRoiPool|The largest element of each cell of given regions.|给定区域各格内的最大值。
MaxUnpool|Puts elements back to the places from which a max pool took them.|将元素放回最大池化取值时的位置。
Mean|The mean of the elements at each place.|各位置元素的平均值。
MeanVarianceNormalization|Subtracts the mean and divides by the standard deviation over given axes.|在给定的轴上减去均值并除以标准差。
MelWeightMatrix|The matrix from frequencies to mel bands.|由频率到梅尔频带的矩阵。
Min|The smaller one of the elements at each place.|各位置元素中的最小值。
Mish|x · tanh(softplus(x)).|x · tanh(softplus(x))。
Mod|The remainder of a division.|相除的余数。
Mul|Multiplies two tensors element by element.|两个张量逐元素相乘。
Multinomial|Draws classes at random by their probabilities.|按概率随机抽取类别。
Neg|Each element with its sign changed.|每个元素取相反数。
NegativeLogLikelihoodLoss|The mean negative logarithm of the probability of the actual class.|实际类别概率的负对数之平均。
NonMaxSuppression|Keeps the best of boxes that overlap.|在重叠的框中保留得分最高者。
NonZero|The indices of all elements that are not zero.|所有非零元素的下标。
Not|True where an element is false.|元素为假时为真。
OneHot|A 1 at each index, another value elsewhere.|在各下标处为 1，其余为另一值（独热编码）。
Or|True where either element is true.|任一元素为真时为真。
PRelu|Positive elements stay, negative ones are multiplied by a learned slope.|正值不变，负值乘以学习得到的斜率。
Pad|Adds elements around the input: a constant, the edge, or a reflection.|在输入周围填充：常数、边缘值或镜像。
Pow|The first element to the power of the second.|第一个元素的第二个元素次幂。
QLinearConv|A convolution of 8-bit integers with scales and zero points.|带缩放因子和零点的 8 位整数卷积。
QLinearMatMul|A matrix product of 8-bit integers with scales and zero points.|带缩放因子和零点的 8 位整数矩阵乘积。
QLinearAdd|Adds 8-bit integers with scales and zero points.|带缩放因子和零点的 8 位整数加法。
QuantizeLinear|Turns real numbers into integers: x ÷ scale + zero point, rounded and clipped.|将实数变为整数：x ÷ 缩放因子 + 零点，取整并截断。
RMSNormalization|Divides by the root of the mean square over the last axes, then scales.|在末尾各轴上除以均方根，再缩放。
RNN|A plain recurrent layer.|普通的循环层。
RandomNormal|Random numbers of a normal distribution.|服从正态分布的随机数。
RandomNormalLike|Random numbers of a normal distribution in another tensor's shape.|形状与另一张量相同、服从正态分布的随机数。
RandomUniform|Random numbers that are equally likely within a range.|在某一范围内均匀分布的随机数。
RandomUniformLike|Random numbers within a range in another tensor's shape.|形状与另一张量相同、均匀分布的随机数。
Range|Numbers from a start to a limit in equal steps.|从起点到终点等步长的数列。
Reciprocal|1 divided by each element.|每个元素的倒数。
ReduceL1|The sum of absolute values along axes.|沿各轴的绝对值之和。
ReduceL2|The root of the sum of squares along axes.|沿各轴的平方和的平方根。
ReduceLogSum|The logarithm of the sum along axes.|沿各轴之和的对数。
ReduceLogSumExp|The logarithm of the sum of exponentials along axes.|沿各轴指数之和的对数。
ReduceMax|The largest element along axes.|沿各轴的最大值。
ReduceMean|The mean along axes.|沿各轴的平均值。
ReduceMin|The smallest element along axes.|沿各轴的最小值。
ReduceProd|The product along axes.|沿各轴的乘积。
ReduceSum|The sum along axes.|沿各轴之和。
ReduceSumSquare|The sum of squares along axes.|沿各轴的平方和。
Relu|Positive elements stay, negative ones become zero.|正值不变，负值变为零。
Reshape|The same elements in another shape.|元素不变，改变形状。
Resize|Enlarges or reduces by interpolation.|通过插值放大或缩小。
ReverseSequence|Reverses sequences of given lengths.|按给定长度反转序列。
RoiAlign|The mean of sampled points in each cell of given regions.|给定区域各格内采样点的平均值。
RotaryEmbedding|Rotates pairs of features by an angle that depends on the position.|按位置相关的角度旋转成对的特征。
Round|Rounds each element, halves to the even number.|四舍六入五成双取整。
STFT|The Fourier transform of short pieces of a signal.|信号的短时傅里叶变换。
Scan|Runs a subgraph along an axis and keeps a state.|沿某一轴逐步执行子图并保留状态。
ScatterElements|Writes single elements to given indices along an axis.|沿某一轴将单个元素写入给定下标处。
ScatterND|Writes slices to given indices over several axes.|将切片写入多轴下标处。
Selu|An exponential linear unit with fixed alpha and scale, which keeps mean and variance.|具有固定 alpha 与缩放的指数线性单元，保持均值与方差。
SequenceAt|One tensor of a sequence.|序列中的一个张量。
SequenceConstruct|Makes a sequence of tensors.|由张量构成序列。
SequenceEmpty|An empty sequence.|空序列。
SequenceInsert|Puts a tensor into a sequence.|将张量插入序列。
Shape|The sizes of a tensor's axes.|张量各轴的大小。
Shrink|Elements near zero become zero, the others move towards it.|接近零的元素变为零，其余向零收缩。
Sigmoid|1 ÷ (1 + exp(−x)): each element becomes a number between 0 and 1.|1 ÷ (1 + exp(−x))：每个元素变为 0 与 1 之间的数。
Sign|−1, 0 or 1 by the sign of each element.|按符号取 −1、0 或 1。
Sin|The sine of each element.|每个元素的正弦。
Sinh|The hyperbolic sine of each element.|每个元素的双曲正弦。
Size|The number of elements.|元素个数。
Slice|Cuts out a range along axes.|沿各轴截取一段。
Softmax|exp(x) ÷ the sum of exp along an axis: shares that add up to 1.|exp(x) 除以沿某一轴的指数之和，各份合计为 1。
SoftmaxCrossEntropyLoss|The mean cross-entropy between softmax and the actual class.|softmax 与实际类别的交叉熵之平均。
Softplus|log(1 + exp(x)), a smooth relu.|log(1 + exp(x))，平滑的 relu。
Softsign|x ÷ (1 + |x|).|x ÷ (1 + |x|)。
SpaceToDepth|Rearranges blocks of rows and columns into channels.|将行列方块重排为通道。
Split|Cuts a tensor into several along an axis.|沿某一轴切分为多个张量。
SplitToSequence|Cuts a tensor into a sequence along an axis.|沿某一轴切分为序列。
Sqrt|The square root of each element.|每个元素的平方根。
Squeeze|Removes axes of size 1.|去掉大小为 1 的轴。
StringNormalizer|Changes the case of texts and removes stop words.|转换文本大小写并去除停用词。
Sub|Subtracts two tensors element by element.|两个张量逐元素相减。
Sum|Adds several tensors element by element.|多个张量逐元素相加。
Swish|x · sigmoid(alpha · x).|x · sigmoid(alpha · x)。
Tan|The tangent of each element.|每个元素的正切。
Tanh|The hyperbolic tangent: each element becomes a number between −1 and 1.|双曲正切：每个元素变为 −1 与 1 之间的数。
TfIdfVectorizer|Counts n-grams of a sequence and weights them.|统计序列的 n 元组并加权。
ThresholdedRelu|Elements above alpha stay, the others become zero.|大于 alpha 的元素不变，其余变为零。
Tile|Repeats a tensor along its axes.|沿各轴重复张量。
TopK|The k largest or smallest elements along an axis, and their indices.|沿某一轴最大或最小的 k 个元素及其下标。
Transpose|Changes the order of the axes.|交换各轴的次序。
Trilu|The upper or lower triangle of matrices.|矩阵的上三角或下三角。
Unique|The distinct elements.|互不相同的元素。
Unsqueeze|Adds axes of size 1.|增加大小为 1 的轴。
Upsample|Enlarges by whole or fractional factors (older form of Resize).|按比例放大（Resize 的旧形式）。
Where|Takes from one tensor or the other by a condition.|按条件从两个张量之一取值。
Xor|True where exactly one element is true.|恰有一个元素为真时为真。
`;

export const operatorWords: ReadonlyMap<string, Entry> = new Map(
  table
    .trim()
    .split('\n')
    .map((line): [string, Entry] => {
      // Only the outer bars part: absolute values have bars of their own, and come last in both languages.
      const [, name, en, zh] = /^(\w+)\|(.*?\.)\|(.*)$/.exec(line)!;
      return [name, { en, zh }];
    }),
);

const attributes = `
kernel_shape|size of the window|窗口大小
strides|step between windows|窗口的步幅
pads|padding at the start and the end of each axis|各轴首尾的填充
dilations|distance between a kernel's cells|卷积核各格的间距（膨胀率）
group|groups of channels with kernels of their own|通道分组数
auto_pad|how the padding is worked out|填充的推算方式
axis|the axis that is worked along|运算所沿的轴
axes|the axes that are worked along|运算所沿的各轴
alpha|factor alpha|系数 alpha
beta|factor beta|系数 beta
gamma|factor gamma|系数 gamma
epsilon|added to the variance, against division by zero|加在方差上，避免除以零
momentum|weight of the past in running means|滑动平均中旧值的权重
training_mode|whether batches are normalized by themselves|是否按批次自身标准化
transA|whether A is transposed|是否转置 A
transB|whether B is transposed|是否转置 B
keepdims|whether the axes stay with size 1|是否保留大小为 1 的轴
mode|how it is done|方式
to|the element type that comes out|输出的元素类型
perm|the new order of the axes|各轴的新次序
ceil_mode|whether sizes are rounded up|尺寸是否向上取整
count_include_pad|whether padding counts in the mean|平均时是否计入填充
storage_order|whether indices count rows or columns first|下标按行还是按列计
value|the fixed tensor|固定的张量
ratio|share of elements set to zero|置零元素的比例
min|smallest value|最小值
max|largest value|最大值
size|how many channels or elements|通道数或元素数
bias|constant that is added|所加的常数
num_outputs|how many parts|切分份数
split|sizes of the parts|各份的大小
largest|whether the largest are taken|是否取最大者
sorted|whether they are sorted|是否排序
select_last_index|whether the last of equals is taken|相等时是否取最后一个
allowzero|whether a 0 in the shape means 0|形状中的 0 是否表示 0
noop_with_empty_axes|whether no axes means none|未给出轴时是否不作处理
coordinate_transformation_mode|how output places become input places|输出位置到输入位置的换算
nearest_mode|which neighbor is the nearest|最近邻的取法
cubic_coeff_a|shape of the cubic interpolation|三次插值的系数
exclude_outside|whether points outside are left out|是否排除范围外的点
extrapolation_value|value outside the input|输入范围外的取值
antialias|whether reductions are smoothed|缩小时是否抗锯齿
output_shape|size of the output|输出大小
output_padding|rows and columns added at the end|末端增补的行列
blocksize|side of the blocks|方块边长
equation|which axes are multiplied and summed|相乘与求和的轴
approximate|whether an approximation is used|是否使用近似式
num_groups|groups of channels|通道组数
hidden_size|units of the state|隐藏状态的单元数
direction|in which direction the sequence is read|序列的读取方向
fmod|whether the remainder has the dividend's sign|余数是否与被除数同号
exclusive|whether the element itself is left out|是否不计元素自身
reverse|whether it goes from the end|是否从末尾开始
p|order of the norm|范数的阶
lambd|threshold|阈值
upper|whether the upper triangle is kept|是否保留上三角
dtype|element type|元素类型
seed|seed of the random numbers|随机数种子
saturate|whether values out of range are clipped|超出范围的值是否截断
stash_type|element type of the inner calculation|内部运算的元素类型
`;

/** What attributes mean, whose meaning is the same wherever they occur. */
export const attributeWords: ReadonlyMap<string, Entry> = new Map(
  attributes
    .trim()
    .split('\n')
    .map((line): [string, Entry] => {
      const [name, en, zh] = line.split('|');
      return [name, { en, zh }];
    }),
);
