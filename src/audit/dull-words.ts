/** Words that tell nothing about what a file is about. Pure. */

/** They label data, and say nothing about it. */
export const calendarWords: ReadonlySet<string> = new Set(
  `jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov november
  dec december mon monday tue tuesday wed wednesday thu thursday fri friday sat saturday sun sunday spring summer autumn
  fall winter week weekly daily monthly yearly annual quarter`.split(/\s+/),
);

/** Stop words, keywords of languages, and what every program and every chart speaks of. */
export const dullWords: ReadonlySet<string> = new Set(
  `a about above across add added adds after again all almost along also although always among an and another any anything
  are aren around as at away back based be because become been before began behind being below besides best better between
  both bring but by call called calls came can cannot change changed changes come comes could did didn different do does
  doesn doing don done down during each either else end ended ends enough even ever every everything few first five
  following follows for four from full further gave get gets give given gives giving go goes going good got great had has
  have haven having he help her here high higher him his how however if in inside instead into is isn it item its itself
  just keep keeps kept know known last later least left less let like likely little long longer look looks low lower made
  main make makes making many may maybe me mean means might mode more most much must my name named names near need needed
  needs never new next nine no non none nor not nothing now of off often ok old on once one only onto or other others our
  out over own part parts per perhaps put puts quite rather read reads really right said same say says second see seem
  seen set sets seven several shall she short should show showing shown shows side simple simply since single six small so
  some something soon start started starts still such sure take taken takes ten than that the their them then there these
  they thing things third this those three through thus time to together too total toward true try turn turned two type
  under until up upon upper us use used uses using usual usually very via want wants was wasn way ways we well were what
  whatever when where whether which while who whole whose why will with within without won work works would wrong yes yet
  you your yours zero
  abstract args argument array arrays assert async attr attribute auto await base bash begin bin bool boolean box break
  browser buffer build byte bytes callback case catch char check child class clear clone close code column columns com
  comment common compute computed config const constant content context convert copy count create created creates css
  current custom cwd data dataset date datetime day days debug def default define defined del delete description dest dev
  dict dictionary dir directory display doc document documentation dom done double each elif element elements empty
  encoding entries entry enum env environment err error eval event example except exec execute exist exists exit expected
  export exports extend extends extra fail failed false fetch field fields file filename files fill filter final find fix
  fixed flag flags float flow fmt folder foreach format formatted frame func function functions generate generated
  generator global group groups handle handler hash head header headers height helper here hour href html http https icon
  id ids idx image images impl implementation import imported imports include index info init initial inner input insert
  instance int integer integers interface internal invoke items iter iterator java javascript join js json key keys kind
  lambda len length level lib library license limit line lines link list lists load loaded local locale location lock log
  logger loop map mapping match math matrix max maximum merge message meta metadata method methods mid middle min minimum
  minute mjs mod model module modules month months msg multiple namespace native node none note notes npm null num number
  numbers numpy obj object objects offset open operator opt option optional options order org os out output package page
  pair pairs pandas param parameter parameters params parent parse pass path paths pattern pip pkg pop position pre prefix
  prepare previous print private process program project prop property props prototype public push py python query
  quality random range rate raw record records ref reference regen regexp register relative release remove render repeat
  replace request require required res reset resource response result results return returned returns reverse root round
  row rows run runs sample samples save saved saves schema scope script seed select self sequence series server settings
  setup shape shared shift signal simulate size sizes skip slice sort sorted source space spec specification specific
  split src stack standard state static std step steps stop store str stream string strings struct style styled styles sub
  suffix sum super switch symbol sync synthetic system tag target task temp template test tests text then throw timeout
  timestamp title titles tmp tool tools top trait transform trim try tuple txt typeof undefined unique unit units unknown
  unsigned update updated url util utils val valid value values var variable variables vector version void volatile warn
  warning web width window word words wrap write written writes xml yaml year years yield yml
  accent alpha anchor annotate annotation annotations area axes axis background bar bars baseline basic bin bins black
  blank blue bold border both bottom brand bound bounds brown bubble canvas caption categories categorical category center
  centered centre chart charts circle circles clean clip cmap cold color colored colorbar colors colour colours compare
  comparison contour coord coordinates corner cyan dark dash dashed density diameter dimension direction distribution
  domain dot dots draw drawing drawn draws dpi edge edges ellipse even face family fig figsize figure figures flat font
  fonts fontsize foreground fraction gap geom gradient gray green grey grid grids guide guides hide hist histogram
  horizontal hover hue ink inline interactive interior intensity interval label labeled labelled labels landscape large
  layer layers layout legend legends light linear linewidth lollipop magenta margin margins mark marker markers marks mean
  median medium monospace navy nice normal oblique opacity opaque orange orient orientation origin outer outline overlap
  overlay pad padding paint palette panel paper percent percentage picture pie pink pixel pixels plot plots plotted
  plotting png point points polar portrait primary purple radius ratio rect rectangle red regular ribbon rotate rotated
  rotation sans scale scaled scales scaling scatter score secondary segment segments semibold serif shade shadow size
  smooth soft solid spacing spine spines square stacked stroke subtitle subplot subplots surface svg symbols teal theme themes
  thick thickness thin tick ticks tight tooltip tooltips transparent trend unified variant vertical violin violet visible
  visual visualization weight wheel white yellow zoom`.split(/\s+/),
);
