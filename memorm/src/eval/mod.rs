//! TEMPORARY
use crate::expr::*;
use crate::model::AnyRow;
use crate::value::*;
pub(crate) trait Batch { fn len(&self)->usize; fn gather<'a>(&'a self, column:u16, out:&mut Vector<'a>); fn row(&self,i:usize)->&dyn AnyRow; }
#[derive(Default)]
pub(crate) struct Truth { pub yes: Vec<bool>, pub unknown: Vec<bool>, pub faults: Vec<(u32,Fault)> }
pub(crate) fn evaluate<'a>(code:&Code, batch:&'a dyn Batch)->Vector<'a>{
    let n=batch.len(); let mut out=vec![];
    for i in 0..n { let mut st:Vec<Value>=vec![]; let row=batch.row(i);
      for s in code.steps(){ match s { Step::Column{column,..}=>st.push(row.cell(*column).to_value()), Step::Literal(v)=>st.push(v.clone()),
        Step::Test(t)=>st.push(Value::Bool(t.test(row))),
        Step::InValues(vs,_)=>{let v=st.pop().unwrap(); st.push(Value::Bool(vs.contains(&v)))},
        Step::Apply(op)=>{ let b=st.pop().unwrap(); match op { Op::Not=>st.push(match b {Value::Bool(b)=>Value::Bool(!b),o=>o}), Op::IsNull=>st.push(Value::Bool(b.is_null())),
          _=>{ let a=st.pop().unwrap(); use std::cmp::Ordering::*; let r= match op { Op::Compare(c)=> if a.is_null()||b.is_null(){Value::Null}else{ let o=a.cmp(&b); Value::Bool(match c {Comparison::Eq=>o==Equal,Comparison::Ne=>o!=Equal,Comparison::Lt=>o==Less,Comparison::Le=>o!=Greater,Comparison::Gt=>o==Greater,Comparison::Ge=>o!=Less})},
            Op::And=> Value::Bool(a==Value::Bool(true)&&b==Value::Bool(true)), Op::Or=>Value::Bool(a==Value::Bool(true)||b==Value::Bool(true)),
            Op::Arithmetic(ar,_)=> match (&a,&b){(Value::Int(x),Value::Int(y))=>Value::Int(match ar{Arithmetic::Add=>x+y,Arithmetic::Sub=>x-y,Arithmetic::Mul=>x*y,Arithmetic::Div=>x/y,Arithmetic::Rem=>x%y}),_=>Value::Null},
            _=>Value::Null}; st.push(r)} } }, _=>{} } }
      out.push(st.pop().unwrap()); }
    let present=out.iter().map(|v|!v.is_null()).collect();
    Vector{cells:Cells::Values(out),present,faults:vec![]}
}
pub(crate) fn truth(code:&Code,batch:&dyn Batch)->Truth{ let v=evaluate(code,batch); Truth{yes:(0..batch.len()).map(|i|v.cell(i).to_value()==Value::Bool(true)).collect(),unknown:vec![],faults:vec![]}}
pub(crate) fn sort_lanes(keys:&[Vector],order:&[OrderTerm],rows:usize,keep:Option<usize>)->Vec<u32>{ let mut v:Vec<u32>=(0..rows as u32).collect(); v.sort_by(|a,b|{ for (k,t) in keys.iter().zip(order){ let (x,y)=(k.cell(*a as usize),k.cell(*b as usize)); let o= match (x.is_null(),y.is_null()){(true,true)=>std::cmp::Ordering::Equal,(true,false)=>if t.puts_nulls_first(){std::cmp::Ordering::Less}else{std::cmp::Ordering::Greater},(false,true)=>if t.puts_nulls_first(){std::cmp::Ordering::Greater}else{std::cmp::Ordering::Less},_=>if t.descending{y.cmp(&x)}else{x.cmp(&y)}}; if o.is_ne(){return o} } std::cmp::Ordering::Equal}); if let Some(k)=keep{v.truncate(k)} v}
