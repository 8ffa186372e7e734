# Frames of forms that compilers rarely make; see paths.h. Each calls its first argument.
        .text

        .globl  frame_by_rbx
        .type   frame_by_rbx, @function
frame_by_rbx:
        .cfi_startproc
        push    %rbx
        .cfi_def_cfa_offset 16
        .cfi_offset %rbx, -16
        mov     %rsp, %rbx
        .cfi_def_cfa_register %rbx
        sub     $64, %rsp
        and     $-64, %rsp
        call    *%rdi
        mov     %rbx, %rsp
        .cfi_def_cfa_register %rsp
        pop     %rbx
        .cfi_def_cfa_offset 8
        ret
        .cfi_endproc
        .size   frame_by_rbx, .-frame_by_rbx

        .globl  frame_without_cfi
        .type   frame_without_cfi, @function
frame_without_cfi:
        sub     $8, %rsp
        call    *%rdi
        add     $8, %rsp
        ret
        .size   frame_without_cfi, .-frame_without_cfi

        .globl  frame_out_of_reach
        .type   frame_out_of_reach, @function
frame_out_of_reach:
        .cfi_startproc
        sub     $8, %rsp
        .cfi_def_cfa_offset 0x4000000
        call    *%rdi
        add     $8, %rsp
        ret
        .cfi_endproc
        .size   frame_out_of_reach, .-frame_out_of_reach

# As gcc realigns: the CFA is the word at rbp - 8, the caller's rbp the one at rbp.
        .globl  frame_realigned
        .type   frame_realigned, @function
frame_realigned:
        .cfi_startproc
        lea     8(%rsp), %r10
        .cfi_def_cfa %r10, 0
        and     $-64, %rsp
        push    -8(%r10)
        push    %rbp
        mov     %rsp, %rbp
        .cfi_escape 0x10, 0x6, 0x2, 0x76, 0x0
        push    %r10
        .cfi_escape 0xf, 0x3, 0x76, 0x78, 0x6
        sub     $8, %rsp
        call    *%rdi
        add     $8, %rsp
        pop     %r10
        .cfi_def_cfa %r10, 0
        pop     %rbp
        lea     -8(%r10), %rsp
        .cfi_def_cfa %rsp, 8
        ret
        .cfi_endproc
        .size   frame_realigned, .-frame_realigned

        .globl  frame_outermost
        .type   frame_outermost, @function
frame_outermost:
        .cfi_startproc
        .cfi_undefined %rip
        sub     $8, %rsp
        call    *%rdi
        add     $8, %rsp
        ret
        .cfi_endproc
        .size   frame_outermost, .-frame_outermost

# frame_switch(void **from, void *to): leaves this stack, its pointer in *from, and goes on at `to`,
# as libraries of coroutines do.
        .globl  frame_switch
        .type   frame_switch, @function
frame_switch:
        .cfi_startproc
        push    %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        push    %rbx
        .cfi_def_cfa_offset 24
        .cfi_offset %rbx, -24
        push    %r12
        .cfi_def_cfa_offset 32
        push    %r13
        .cfi_def_cfa_offset 40
        push    %r14
        .cfi_def_cfa_offset 48
        push    %r15
        .cfi_def_cfa_offset 56
        mov     %rsp, (%rdi)
        mov     %rsi, %rsp
        pop     %r15
        .cfi_def_cfa_offset 48
        pop     %r14
        .cfi_def_cfa_offset 40
        pop     %r13
        .cfi_def_cfa_offset 32
        pop     %r12
        .cfi_def_cfa_offset 24
        pop     %rbx
        .cfi_def_cfa_offset 16
        pop     %rbp
        .cfi_def_cfa_offset 8
        ret
        .cfi_endproc
        .size   frame_switch, .-frame_switch

# The first frame of such a stack: frame_switch comes here with the function to call in rbx.
        .globl  frame_of_coroutine
        .type   frame_of_coroutine, @function
frame_of_coroutine:
        .cfi_startproc
        .cfi_undefined %rip
        call    *%rbx
        ud2
        .cfi_endproc
        .size   frame_of_coroutine, .-frame_of_coroutine

# Rows that are asked for one by one: see rows_say_how_to_leave_a_frame.c.
        .globl  rows_a, rows_b, rows_c, rows_d, rows_e, rows_f, rows_g, rows_h, rows_end
        .type   rows_a, @function
rows_a: .cfi_startproc
        push    %rbp
rows_b: .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        mov     %rsp, %rbp
rows_c: .cfi_def_cfa_register %rbp
        .cfi_remember_state
        nop
rows_d: .cfi_def_cfa %rsp, 8
        .cfi_restore %rbp
        nop
rows_e: .cfi_restore_state
        .cfi_escape 0x2e, 0x10          # DW_CFA_GNU_args_size 16
        nop
rows_f: .cfi_escape 0x11, 0x6, 0x4      # DW_CFA_offset_extended_sf rbp at CFA - 32
        .cfi_escape 0x12, 0x7, 0x78     # DW_CFA_def_cfa_sf rsp, 64
        nop
rows_g: .cfi_escape 0x16, 0x6, 0x2, 0x77, 0x8 # DW_CFA_val_expression rbp = rsp + 8
        nop
rows_h: .cfi_same_value %rbp
        .cfi_def_cfa %r12, 8
        nop
        .cfi_endproc
rows_end:
        nop

# Two that differ only in which of two places is said to hold the caller's rbp.
        .macro  frame_with_fp_in name, place
        .globl  \name
        .type   \name, @function
\name:
        .cfi_startproc
        push    %rbp
        push    %rbp
        .cfi_def_cfa_offset 24
        .cfi_offset %rbp, \place
        sub     $8, %rsp
        .cfi_def_cfa_offset 32
        xor     %ebp, %ebp
        call    *%rdi
        add     $8, %rsp
        .cfi_def_cfa_offset 24
        pop     %rbp
        pop     %rbp
        .cfi_restore %rbp
        .cfi_def_cfa_offset 8
        ret
        .cfi_endproc
        .size   \name, .-\name
        .endm

        frame_with_fp_in frame_fp_is_first, -16
        frame_with_fp_in frame_fp_is_second, -24

        .section .note.GNU-stack, "", @progbits
