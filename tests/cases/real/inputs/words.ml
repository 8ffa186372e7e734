let table = Hashtbl.create 16

let () =
  for i = 1 to 20000 do
    Hashtbl.replace table (i * 7919 mod 1009) (string_of_int i)
  done;
  Gc.full_major ();
  Printf.printf "%d\n" (Hashtbl.length table);
  let rec deep n = if n = 0 then 0 else 1 + deep (n - 1) in
  Printf.printf "%d\n" (deep 100000);
  try failwith "thrown" with Failure text -> print_endline text; exit 3
