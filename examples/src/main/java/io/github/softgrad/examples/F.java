package io.github.softgrad.examples;
import io.github.softgrad.*; import java.util.*; import java.util.function.*; import java.util.stream.*;
class F { 
 record M(Tensor scores, Tensor w, Tensor b){}
 static Tensor nll(Tensor x, Tensor y, Tensor w, Tensor b){ Tensor z=x.matmul(w).plus(b); return Soft.smooth().softness(1).relu(z.times(y.times(-2).plus(1))).mean(); }
 static double acc(Tensor x, Tensor y, Tensor w, Tensor b){ return x.matmul(w).plus(b).greater(0).equal(y).mean().item(); }
 static Map<String,List<Double>> T=new LinkedHashMap<>();
 static void add(String k,double v){T.computeIfAbsent(k,q->new ArrayList<>()).add(v);}
 record L(Tensor w, Tensor b){}
 static double fit(Table.Split s,int... c){ Table tr=s.train().select(c), te=s.test().select(c); L l=new L(Tensor.zeros(c.length),Tensor.scalar(0)); Optimizer o=Optimizer.adam(.05); for(int i=0;i<300;i++) l=o.step(l,Autodiff.grad(p->nll(tr.features(),tr.target(),p.w(),p.b()),l)); return acc(te.features(),te.target(),l.w(),l.b()); }
 static int[] top(Tensor s,int k){ return Arrays.stream(Soft.hard().topK(s,k).index().probabilities().matmul(Tensor.range(s.size())).toDoubles()).mapToInt(d->(int)d).toArray(); }
 public static void main(String[] a){ int K=5;
  for(int seed=0;seed<10;seed++){ Random r=new Random(seed); var s=Scaling.standardize(Table.read("breast_cancer_wisconsin.csv").split(.7,r)); Tensor x=s.train().features(), y=s.train().target(), xt=s.test().features(), yt=s.test().target();
   add("all",fit(s,IntStream.range(0,30).toArray()));
   Tensor cor=y.minus(y.mean()).matmul(x).abs(); int[] ct=top(cor,K); add("corr",fit(s,ct));
   double rs=0; for(int i=0;i<5;i++) rs+=fit(s,Arrays.copyOf(Table.permutation(30,r),K))/5; add("random",rs);
   for(String kind: new String[]{"const.1","const.3","const1","anneal1-.05","anneal2-.1","st.1","st.3","st1","stanneal","ss-anneal1-.05","c1anneal"}){
    double s0=kind.contains("anneal2")?2:1, s1=kind.contains("-.1")?.1:.05; int N=400; M m=new M(Tensor.zeros(30),Tensor.zeros(30),Tensor.scalar(0)); Optimizer o=Optimizer.adam(.05);
    for(int i=0;i<N;i++){ double so= kind.contains("anneal")? s0*Math.pow(s1/s0,(double)i/N): Double.parseDouble(kind.replaceAll("[a-z]",""));
     Soft soft=(kind.startsWith("c1")?Soft.c1():Soft.smooth()).softness(so); if(kind.startsWith("st")) soft=soft.straightThrough(); if(kind.startsWith("ss")) soft=soft.method(new Method.SoftSort()); Soft ff=soft;
     m=o.step(m,Autodiff.grad(p->nll(x.times(ff.topK(p.scores(),K).index().mask()),y,p.w(),p.b()),m)); }
    Tensor mask=Soft.hard().topK(m.scores(),K).index().mask(); add(kind+" joint",acc(xt.times(mask),yt,m.w(),m.b())); add(kind+" refit",fit(s,top(m.scores(),K)));
    if(seed<3&&(kind.equals("const.3")||kind.equals("anneal1-.05"))) IO.println(kind+" "+s.train().select(top(m.scores(),K)).names());
   }}
 T.forEach((k,v)->IO.println(String.format("%-22s %.4f  ",k,v.stream().mapToDouble(d->d).average().getAsDouble())+v.stream().map(d->String.format("%.3f",d)).toList()));
 }}
